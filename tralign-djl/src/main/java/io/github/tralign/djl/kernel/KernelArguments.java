package io.github.tralign.djl.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The arguments of one call, converted to TorchScript values; closing frees them. */
final class KernelArguments implements AutoCloseable {

  private final Deque<IValue> made = new ArrayDeque<>();

  IValue[] of(Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      values[i] = arguments[i] instanceof Kernels.Opaque opaque ? opaque.value() : of(arguments[i]);
    }
    return values;
  }

  private IValue of(Object argument) {
    IValue value;
    if (argument instanceof NDArray array) {
      value = IValue.from((PtNDArray) array);
    } else if (argument instanceof Map<?, ?> map) {
      value = map(map);
    } else if (argument instanceof List<?> list) {
      value = list(list);
    } else if (argument instanceof Integer number) {
      value = IValue.from((long) number);
    } else if (argument instanceof Long number) {
      value = IValue.from(number.longValue());
    } else if (argument instanceof Double number) {
      value = IValue.from(number.doubleValue());
    } else if (argument instanceof Boolean truth) {
      value = IValue.from(truth.booleanValue());
    } else if (argument instanceof String text) {
      value = IValue.from(text);
    } else if (argument instanceof long[] numbers) {
      value = IValue.listFrom(numbers);
    } else if (argument instanceof double[] numbers) {
      value = IValue.listFrom(numbers);
    } else {
      throw new IllegalArgumentException(
          "no kernel argument can be a " + argument.getClass().getName());
    }
    made.push(value);
    return value;
  }

  private static IValue map(Map<?, ?> map) {
    Map<String, PtNDArray> arrays = new TreeMap<>();
    map.forEach((name, array) -> arrays.put((String) name, (PtNDArray) array));
    return IValue.stringMapFrom(arrays);
  }

  private IValue list(List<?> list) {
    if (!list.isEmpty() && list.get(0) instanceof Map) {
      return IValue.listFrom(list.stream().map(this::of).toArray(IValue[]::new));
    }
    return IValue.listFrom(list.toArray(PtNDArray[]::new));
  }

  @Override
  public void close() {
    made.forEach(IValue::close);
  }
}
