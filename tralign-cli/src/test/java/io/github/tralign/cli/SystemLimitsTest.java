package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SystemLimitsTest {

  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max open files            64                   64                   files
      Max address space         %s            %s            bytes
      """;

  @Test
  void what_is_far_is_not_mentioned() {
    assertThat(SystemLimits.reached(40, 64, LIMITS.replace("%s", "unlimited"))).isEmpty();
    assertThat(SystemLimits.reached(0, Long.MAX_VALUE, "")).isEmpty();
  }

  @Test
  void what_is_reached_is_named_with_the_command_that_sets_it() {
    assertThat(SystemLimits.reached(60, 64, LIMITS.replace("%s", "8388608000")))
        .isEqualTo(
            "; 60 of the 64 files are open that the process may have (ulimit -n)"
                + "; the process may take 8000 MiB of address space only (ulimit -v)");
  }
}
