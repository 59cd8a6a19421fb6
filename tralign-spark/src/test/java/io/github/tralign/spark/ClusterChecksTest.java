package io.github.tralign.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterChecksTest {

  private final SparkConf conf = new SparkConf(false);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.ssl.enabled",
        "spark.ssl.rpc.enabled",
        "spark.network.crypto.enabled",
        "spark.authenticate.enableSaslEncryption"
      })
  void a_cluster_that_encrypts_is_refused(String setting) {
    assertThatThrownBy(() -> ClusterChecks.requirePlainNetwork(conf.set(setting, "true")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(setting + " is set, and the ranks send gradients")
        .hasMessageContaining("allowUnencrypted(true)");
  }

  @Test
  void encryption_of_the_user_interface_only_is_no_matter() {
    conf.set("spark.ssl.ui.enabled", "true").set("spark.network.crypto.enabled", "false");
    assertThatCode(() -> ClusterChecks.requirePlainNetwork(conf)).doesNotThrowAnyException();
  }

  @Test
  void dynamic_allocation_is_refused() {
    conf.set("spark.dynamicAllocation.enabled", "true");
    assertThatThrownBy(() -> ClusterChecks.requireFixedExecutors(conf))
        .hasMessageContaining("spark.dynamicAllocation.enabled is set")
        .hasMessageContaining("spark.executor.instances");
  }
}
