package io.github.tralign.djl.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import io.github.tralign.distributed.ProcessGroupException;
import io.github.tralign.djl.distributed.Ranks.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "x86_64"})
class RendezvousTest {

  /** Joins as rank/size, each in a thread; the first closes the meeting point when it has ended. */
  private static List<Outcome<Integer>> join(Duration timeout, String... ranks) throws Exception {
    MeetingPoint point = MeetingPoint.serve(0);
    int port = point.port();
    List<Callable<Integer>> joining =
        Arrays.stream(ranks)
            .map(it -> it.split("/"))
            .<Callable<Integer>>map(
                it ->
                    () -> {
                      int rank = Integer.parseInt(it[0]);
                      try {
                        return Ranks.joined(
                            JoinSettings.of("127.0.0.1", port, rank, Integer.parseInt(it[1]))
                                .timeout(timeout),
                            GlooProcessGroup::size);
                      } finally {
                        if (rank == 0) {
                          point.close();
                        }
                      }
                    })
            .collect(Collectors.toList());
    try {
      return Ranks.together(joining);
    } finally {
      point.close();
    }
  }

  @Test
  void two_processes_with_one_rank_are_refused_on_all() throws Exception {
    assertThat(join(Ranks.LONG, "0/3", "1/3", "1/3"))
        .hasSize(3)
        .allSatisfy(
            it ->
                assertThat(it.failure())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching(
                        "two processes have rank 1: process \\d+ at 127.0.0.1 and process \\d+ at"
                            + " 127.0.0.1"));
  }

  @Test
  void processes_that_name_another_number_are_refused_on_all() throws Exception {
    assertThat(join(Ranks.LONG, "0/3", "1/3", "2/4"))
        .hasSize(3)
        .allSatisfy(
            it ->
                assertThat(it.failure())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching(
                        "rank \\d was started as one of \\d processes, but rank \\d as one of"
                            + " \\d"));
  }

  @Test
  void the_rank_that_does_not_come_is_named() throws Exception {
    List<Outcome<Integer>> outcomes = join(Duration.ofSeconds(1), "0/3");
    assertThat(outcomes.get(0).failure())
        .isInstanceOf(ProcessGroupException.class)
        .hasMessageMatching("ranks 1, 2 of 3 did not join at 127.0.0.1:\\d+ within 1 s");
  }

  @Test
  void a_port_in_use_is_named() {
    try (MeetingPoint point = MeetingPoint.serve(0)) {
      assertThatThrownBy(() -> MeetingPoint.serve(point.port()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("port %d is in use on this machine; give another one", point.port());
    }
  }

  @Test
  void where_nothing_listens_the_place_is_named() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    JoinSettings settings =
        JoinSettings.of("127.0.0.1", free, 1, 2).timeout(Duration.ofMillis(300));
    assertThatThrownBy(() -> GlooProcessGroup.join(settings))
        .isInstanceOf(ProcessGroupException.class)
        .hasMessageStartingWith(
            "rank 1 cannot reach the meeting point at 127.0.0.1:" + free + ", tried for 0.3 s: ");
  }

  @Test
  void what_listens_but_is_no_meeting_point_is_named() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      JoinSettings settings =
          JoinSettings.of("127.0.0.1", other.getLocalPort(), 1, 2).timeout(Duration.ofMillis(500));
      assertThatThrownBy(() -> GlooProcessGroup.join(settings))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "what listens at 127.0.0.1:%d does not answer as the meeting point of a group",
              other.getLocalPort());
    }
  }

  @Test
  void an_unknown_host_is_named() {
    JoinSettings settings =
        JoinSettings.of("nowhere.invalid", 29_500, 1, 2).timeout(Duration.ofMillis(100));
    assertThatThrownBy(() -> GlooProcessGroup.join(settings))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the host 'nowhere.invalid' is unknown");
  }

  @Test
  void an_address_of_another_machine_is_refused() {
    try (MeetingPoint point = MeetingPoint.serve(0)) {
      JoinSettings settings = JoinSettings.of("127.0.0.1", point.port(), 0, 2);
      assertThatThrownBy(() -> GlooProcessGroup.join(settings.address("192.0.2.1")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage(
              "the address '192.0.2.1' is not one of this machine; give one that the other"
                  + " processes can reach it by");
      assertThatThrownBy(() -> GlooProcessGroup.join(settings.address("nowhere.invalid")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("the address 'nowhere.invalid' is unknown");
    }
  }

  @Test
  void an_address_that_only_its_own_machine_reaches_is_refused() throws Exception {
    try (MeetingPoint point = MeetingPoint.serve(0)) {
      List<Callable<String>> both =
          List.of(
              () -> meet(point.port(), 0, "127.0.1.1"), () -> meet(point.port(), 1, "192.0.2.1"));
      assertThat(Ranks.together(both))
          .allSatisfy(
              it ->
                  assertThat(it.failure())
                      .isInstanceOf(InvalidInputException.class)
                      .hasMessage(
                          "rank 0 has the address 127.0.1.1, which only its own machine can reach,"
                              + " but rank 1 has 192.0.2.1; set the address of rank 0"));
    }
  }

  @Test
  void who_cannot_connect_ends_the_others_too() throws Exception {
    try (MeetingPoint point = MeetingPoint.serve(0)) {
      List<Callable<Long>> both =
          List.of(() -> connect(point.port(), 0), () -> connect(point.port(), 1));
      assertThat(Ranks.together(both).get(0).failure())
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("rank 1 cannot connect");
    }
  }

  /** Rank 0 connects, rank 1 says that it cannot. */
  private static long connect(int port, int rank) throws IOException {
    JoinSettings settings = JoinSettings.of("127.0.0.1", port, rank, 2).timeout(Ranks.LONG);
    try (Rendezvous rendezvous = Rendezvous.at(settings, new Patience(settings.timeout()))) {
      rendezvous.meet(InetAddress.getLoopbackAddress());
      if (rank == 0) {
        return Connecting.group("lonely", settings, rendezvous);
      }
      rendezvous.report("rank 1 cannot connect");
      return 0;
    }
  }

  @Test
  void processes_that_exchange_by_nccl_and_by_gloo_are_refused_on_all() throws Exception {
    try (MeetingPoint point = MeetingPoint.serve(0)) {
      JoinSettings gloo = JoinSettings.of("127.0.0.1", point.port(), 0, 2).timeout(Ranks.LONG);
      JoinSettings nccl = JoinSettings.of("127.0.0.1", point.port(), 1, 2).timeout(Ranks.LONG);
      List<Callable<String>> both =
          List.of(() -> meet(gloo, "127.0.0.1"), () -> meet(nccl.nccl(0), "127.0.0.1"));
      assertThat(Ranks.together(both))
          .hasSize(2)
          .allSatisfy(
              it ->
                  assertThat(it.failure())
                      .isInstanceOf(InvalidInputException.class)
                      .hasMessageMatching(
                          "rank (0 exchanges arrays by gloo, but rank 1 by nccl|1 exchanges arrays"
                              + " by nccl, but rank 0 by gloo); use the same on all ranks"));
    }
  }

  private static String meet(int port, int rank, String address) throws IOException {
    return meet(JoinSettings.of("127.0.0.1", port, rank, 2).timeout(Ranks.LONG), address);
  }

  private static String meet(JoinSettings settings, String address) throws IOException {
    try (Rendezvous rendezvous = Rendezvous.at(settings, new Patience(settings.timeout()))) {
      rendezvous.meet(InetAddress.getByName(address));
      return rendezvous.addresses().toString();
    }
  }

  @Test
  void another_machine_or_pytorch_is_refused_before_the_library_is_loaded() {
    ClassLoader loader = RendezvousTest.class.getClassLoader();
    assertThatThrownBy(() -> Collective.library("Windows 11", "amd64", "2.7.1", loader))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("several processes need Linux on x86-64 or ARM64; this is Windows 11 on amd64");
    assertThatThrownBy(() -> Collective.library("Linux", "amd64", "2.8.0", loader))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "several processes need PyTorch 2.7.1, which this version of tralign was built for;"
                + " this is PyTorch 2.8.0");
    assertThatThrownBy(
            () ->
                Collective.library(
                    "Linux", "aarch64", "2.7.1", ClassLoader.getPlatformClassLoader()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "several processes need tralign's native library, which is missing; add"
                + " io.github.tralign:tralign-native with the classifier linux-aarch64, in the"
                + " version of tralign-djl");
  }
}
