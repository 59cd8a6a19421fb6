package io.github.tralign.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildRoleTest {

  private static final long PARENT = ProcessHandle.current().pid(); // of what is started here

  @Test
  void a_child_finds_the_role_that_its_parent_gave_it() {
    ChildRole role = new ChildRole(1, 2, 29_500);
    assertThat(ChildRole.of(role.variables(Map.of()), PARENT)).contains(role);
    assertThat(ChildRole.of(Map.of(), PARENT)).isEmpty();
  }

  @Test
  void a_role_is_not_inherited() {
    Map<String, String> variables = new ChildRole(1, 2, 29_500).variables(Map.of());
    assertThatThrownBy(() -> ChildRole.of(variables, PARENT + 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("unset it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "one 2 29500 7", "1 2 29500", "99999999999 2 29500 7"})
  void other_values_are_rejected(String value) {
    assertThatThrownBy(() -> ChildRole.of(Map.of("TRALIGN_CHILD", value), 7))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("TRALIGN_CHILD is set to '" + value + "'");
  }
}
