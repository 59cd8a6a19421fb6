// The exponential moving average of values, each divided by the weights that it has so far, so that
// the first values do not pull to 0.
function smoothed(values, weight) {
  if (weight === 0) return values;
  let mean = 0, rest = 1;
  return values.map((value) => {
    mean = weight * mean + (1 - weight) * value;
    rest *= weight;
    return mean / (1 - rest);
  });
}
