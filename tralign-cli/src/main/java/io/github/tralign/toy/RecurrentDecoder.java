package io.github.tralign.toy;

import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.StateSession;
import io.github.tralign.policy.Openness;

/**
 * Generation with a recurrent network, whose state is all it remembers of a sequence.
 *
 * @param at the layout of the weights
 * @param weights the weights, a copy
 */
record RecurrentDecoder(Openness open, Layout at, double[] weights)
    implements StateSession.Model<double[]> {

  @Override
  public int vocabularySize() {
    return at.vocabulary();
  }

  @Override
  public double[] start() {
    return new double[at.hidden()];
  }

  @Override
  public double[] read(double[] state, int token) {
    open.require();
    return new GruCell(at, weights, state, token).after();
  }

  @Override
  public DecodingSession.NextToken next(double[] state) {
    double[] logProbs = NextToken.after(state, at, weights).logProbs();
    float[] logits = new float[logProbs.length];
    for (int v = 0; v < logits.length; v++) {
      logits[v] = (float) logProbs[v];
    }
    return new DecodingSession.NextToken(logits, 0); // they are normalized
  }
}
