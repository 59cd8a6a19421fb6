package io.github.tralign.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.Sequence;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import java.util.List;
import org.junit.jupiter.api.Test;

class TabularDecoderTest {

  private final TabularPolicy policy = new TabularPolicy(new double[][] {{1, 2}, {4, 3}});

  @Test
  void logits_are_the_row_of_the_last_token() {
    try (DecodingSession session = policy.decode(10)) {
      Sequence sequence = session.open(3);
      assertThat(logits(session, sequence, 1, 0)).containsExactly(1, 2);
      assertThat(logits(session, sequence, 1)).containsExactly(4, 3);
    }
  }

  @Test
  void a_session_uses_the_weights_at_the_time_of_the_call() {
    policy.copyToReference();
    try (DecodingSession session = policy.decode(10);
        DecodingSession ofReference = policy.reference().decode(10)) {
      Sequence sequence = session.open(3);
      logits(session, sequence, 0);
      policy.step(new OptimizerStep(0.5, 1, AdamW.ofDefaults().weightDecay(1))); // halves all
      assertThat(logits(session, sequence, 0)).containsExactly(0.5f, 1);
      assertThat(logits(ofReference, ofReference.open(1), 0)).containsExactly(1, 2);
    }
  }

  @Test
  void misuse_is_rejected() {
    assertThatIllegalArgumentException().isThrownBy(() -> policy.decode(0));
    DecodingSession session = policy.decode(10);
    DecodingSession other = policy.decode(10);
    Sequence sequence = session.open(3);
    assertThatIllegalArgumentException().isThrownBy(() -> logits(other, sequence, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> other.release(sequence));
    assertThatIllegalArgumentException().isThrownBy(() -> session.open(-1));
    session.close();
    assertThatIllegalStateException().isThrownBy(() -> logits(session, sequence, 0));
    assertThatIllegalStateException().isThrownBy(() -> session.open(1));
    Sequence later = other.open(3);
    policy.close();
    assertThatIllegalStateException().isThrownBy(() -> logits(other, later, 0));
  }

  private static float[] logits(DecodingSession session, Sequence sequence, int... tokens) {
    Extension extension = new Extension(sequence, ImmutableIntArray.copyOf(tokens));
    return session.append(List.of(extension)).get(0).logits();
  }
}
