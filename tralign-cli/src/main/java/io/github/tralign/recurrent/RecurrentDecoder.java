package io.github.tralign.recurrent;

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
    implements StateSession.Model<RecurrentStates> {

  @Override
  public int vocabularySize() {
    return at.vocabulary();
  }

  @Override
  public RecurrentStates start() {
    return RecurrentStates.start(at, weights, 1);
  }

  @Override
  public RecurrentStates read(RecurrentStates state, int token) {
    open.require();
    return state.read(token);
  }

  @Override
  public DecodingSession.NextToken next(RecurrentStates state) {
    double[][] logProbs = state.logProbs();
    float[] logits = new float[logProbs.length];
    for (int v = 0; v < logits.length; v++) {
      logits[v] = (float) logProbs[v][0];
    }
    return new DecodingSession.NextToken(logits, 0); // they are normalized
  }
}
