package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.train.log.TensorBoardEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardEventsTest {

  /** What follows the wall time in an event: its fields from the second on, in hex. */
  private static final String VERSION = hex("1000 1a0d") + ascii("brain.Event:2");

  @TempDir private Path folder;

  @Test
  void a_step_is_an_event_of_scalars_behind_version_and_start() throws IOException {
    try (TensorBoardEvents events = new TensorBoardEvents(folder.resolve("new/tensorboard"))) {
      events.onStep(step(300, ImmutableMap.of("loss", 0.5, "rewards/margins", -1.0)));
    }
    // Field 2 is the step as a varint (300 = ac02), 5 a summary of values {1: tag, 2: float},
    // 7 a session log whose status is START.
    String loss = hex("0a0b 0a04") + ascii("loss") + hex("15 0000003f");
    String margins = hex("0a16 0a0f") + ascii("rewards/margins") + hex("15 000080bf");
    assertThat(events(onlyFile(folder.resolve("new/tensorboard"))))
        .containsExactly(VERSION, hex("10ac02 3a020801"), hex("10ac02 2a25") + loss + margins);
  }

  /**
   * The checksum is what TensorBoard 2.21 computes: {@code masked_crc32c(struct.pack("<Q", 26))}.
   */
  @Test
  void frames_carry_masked_checksums() throws IOException {
    try (TensorBoardEvents events = new TensorBoardEvents(folder)) {
      events.onStep(step(1, ImmutableMap.of("loss", 0.5)));
    }
    ByteBuffer bytes = read(onlyFile(folder));
    assertThat(bytes.getLong()).isEqualTo(26);
    assertThat(bytes.getInt()).isEqualTo(0x2dd89b12);
  }

  @Test
  void what_is_not_finite_is_left_out() throws IOException {
    try (TensorBoardEvents events = new TensorBoardEvents(folder)) {
      events.onStep(step(1, ImmutableMap.of("loss", Double.NaN, "rate", Double.POSITIVE_INFINITY)));
    }
    assertThat(events(onlyFile(folder))).last().isEqualTo(hex("1001 2a00"));
  }

  @Test
  void each_run_has_a_file_of_its_own_and_tells_where_it_starts() throws IOException {
    for (int run = 0; run < 2; run++) {
      try (TensorBoardEvents events = new TensorBoardEvents(folder);
          TabularPolicy policy = Toy.policy()) {
        Toy.trainer(policy, 6).listener(events).build().train();
      }
    }
    assertThat(files(folder))
        .hasSize(2)
        .allSatisfy(
            file -> assertThat(events(file)).hasSize(4).element(1).isEqualTo(hex("1001 3a020801")));
  }

  @Test
  void a_folder_that_cannot_be_made_is_reported() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    try (TensorBoardEvents events = new TensorBoardEvents(file)) {
      assertThatThrownBy(() -> events.onStep(step(1, ImmutableMap.of("loss", 1.0))))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageStartingWith(file + ": cannot be written: ");
    }
  }

  private static StepMetrics step(long step, ImmutableMap<String, Double> values) {
    return new StepMetrics(step, values);
  }

  /** The events of a file in hex, each without its wall time. */
  private static List<String> events(Path file) throws IOException {
    ByteBuffer bytes = read(file);
    List<String> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] event = new byte[(int) bytes.getLong()];
      bytes.getInt();
      bytes.get(event);
      bytes.getInt();
      String hex = HexFormat.of().formatHex(event);
      assertThat(hex).startsWith("09"); // field 1, 8 bytes
      events.add(hex.substring(2 + 16));
    }
    return events;
  }

  private static ByteBuffer read(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Path onlyFile(Path folder) throws IOException {
    assertThat(files(folder)).hasSize(1);
    return files(folder).get(0);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static String hex(String text) {
    return text.replace(" ", "");
  }

  private static String ascii(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
