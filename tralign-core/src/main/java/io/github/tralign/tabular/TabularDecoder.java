package io.github.tralign.tabular;

import io.github.tralign.generate.DecodingSession.NextToken;
import io.github.tralign.generate.StateSession;
import io.github.tralign.policy.Openness;
import java.util.function.Supplier;

/**
 * Generation with a table: the state of a sequence is its last token, whose row are the logits.
 *
 * @param table the {@code [V · V]} logits, as they are at the time of a call
 */
record TabularDecoder(Openness open, int vocabularySize, Supplier<double[]> table)
    implements StateSession.Model<Integer> {

  @Override
  public Integer start() {
    return 0; // never used: a sequence has a token before there is a next one
  }

  @Override
  public Integer read(Integer before, int token) {
    return token;
  }

  @Override
  public NextToken next(Integer last) {
    open.require();
    double[] values = table.get();
    int row = last * vocabularySize;
    float[] logits = new float[vocabularySize];
    for (int v = 0; v < vocabularySize; v++) {
      logits[v] = (float) values[row + v];
    }
    return new NextToken(logits, TabularPolicy.logSum(values, row, vocabularySize, 1));
  }
}
