package io.github.tralign.djl.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed and malicious headers: each is refused with the file, the tensor and the fault. */
class SafetensorsHeaderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void a_file_shorter_than_its_length_field_is_refused(int bytes) {
    assertRefused(new byte[bytes], "has " + bytes + " bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 18446744073709551615",
    "9223372036854775807, 9223372036854775807",
    "100000001, 100000001"
  })
  void a_giant_or_negative_header_length_is_refused(long length, String shown) {
    assertRefused(withLength(length, "{}"), "has a header length of " + shown + " bytes");
  }

  @Test
  void a_header_that_reaches_past_the_file_is_refused() {
    assertRefused(withLength(3, "{}"), "has a header length of 3 bytes, but only 2 follow");
    assertRefused(withLength(100_000_000, "{}"), "but only 2 follow; the file is truncated");
  }

  @Test
  void a_git_lfs_pointer_is_recognized() {
    assertRefused(
        "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8),
        "is a Git LFS pointer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " {}", "[]", "7", "null"})
  void a_header_that_is_no_object_is_refused(String header) {
    assertRefused(header, 0, "the header must begin with '{'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"a\"", "{\"a\":}", "{]", "{\"a\":{\"dtype\":\"F32\""})
  void a_header_that_is_no_json_is_refused(String header) {
    assertRefused(header, 0, "the header is not valid JSON: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}{}", "{}7", "{} x", "{}\0"})
  void a_header_with_more_after_the_object_is_refused(String header) {
    assertRefused(header, 0, "the header ");
  }

  @Test
  void deep_nesting_is_refused_before_it_hurts() {
    assertRefused("{\"a\":" + "[".repeat(100_000), 0, "the header is not valid JSON: ");
  }

  @Test
  void a_header_in_another_encoding_is_refused() {
    byte[] latin = "{\"__metadata__\":{\"a\":\"é\"}}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = withLength(latin.length, "");
    file = Arrays.copyOf(file, 8 + latin.length);
    System.arraycopy(latin, 0, file, 8, latin.length);
    assertRefused(file, "the header is not valid UTF-8");
  }

  @Test
  void a_tensor_or_field_that_appears_twice_is_refused() {
    String a = "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}";
    assertRefused("{" + a + "," + a + "}", 1, "Duplicate");
    assertRefused(
        "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
        1,
        "Duplicate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "7                                                      | is 7; expected an object",
        "{'shape':[1],'data_offsets':[0,4]}                     | dtype is missing",
        "{'dtype':'F32','data_offsets':[0,4]}                   | shape is missing",
        "{'dtype':'F32','shape':[1]}                            | data_offsets is missing",
        "{'dtype':32,'shape':[1],'data_offsets':[0,4]}          | dtype 32 is unknown",
        "{'dtype':'F33','shape':[1],'data_offsets':[0,4]}       | dtype \"F33\" is unknown",
        "{'dtype':'f32','shape':[1],'data_offsets':[0,4]}       | dtype \"f32\" is unknown",
        "{'dtype':'F32','shape':1,'data_offsets':[0,4]}         | shape is 1; expected a list",
        "{'dtype':'F32','shape':null,'data_offsets':[0,4]}      | shape is null; expected a list",
        "{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}      | shape contains -1; expected whole",
        "{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}     | shape contains 1.0; expected whole",
        "{'dtype':'F32','shape':['1'],'data_offsets':[0,4]}     | shape contains \"1\"; expected",
        "{'dtype':'F32','shape':[1],'data_offsets':{}}          | data_offsets is an object",
        "{'dtype':'F32','shape':[1],'data_offsets':[4]}         | data_offsets has 1 values",
        "{'dtype':'F32','shape':[1],'data_offsets':[0,4,8]}     | data_offsets has 3 values",
        "{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}      | data_offsets contains -4",
        "{'dtype':'F32','shape':[1],'data_offsets':[0,4.5]}     | data_offsets contains 4.5",
        "{'dtype':'F32','shape':[1],'data_offsets':[0,18446744073709551620]} | contains 1844674407",
        "{'dtype':'F32','shape':[1],'data_offsets':[4,0]}       | [4, 0]: the end is before the begin",
        "{'dtype':'F32','shape':[1],'data_offsets':[1,5]}       | exceed the file's 4 bytes",
        "{'dtype':'F32','shape':[1],'data_offsets':[0,9223372036854775807]} | exceed the file",
        "{'dtype':'F32','shape':[2],'data_offsets':[0,4]}       | span 4 bytes, but shape [2] of",
        "{'dtype':'F16','shape':[],'data_offsets':[0,4]}        | but shape [] of F16 takes 2",
        "{'dtype':'U8','shape':[4294967296,4294967296],'data_offsets':[0,4]} | larger than any"
            + " file",
        "{'dtype':'U8','shape':[9223372036854775807,2],'data_offsets':[0,4]} | larger than any"
            + " file",
        "{'dtype':'F4','shape':[7],'data_offsets':[0,4]}        | does not fill whole bytes"
      })
  void a_wrong_entry_is_refused(String entry, String fault) {
    String header = "{\"layer.0\":" + entry.replace('\'', '"') + "}";
    assertThatThrownBy(() -> open(TestFiles.safetensors(header, new byte[4])))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(folder.resolve("m.safetensors") + ": tensor 'layer.0': ")
        .hasMessageContaining(fault);
  }

  @Test
  void overlapping_tensors_are_refused() {
    assertRefused(
        two(0, 4, 2, 6), 6, "tensor 'b': begins at byte 2 of the data, inside tensor 'a'");
    assertRefused(
        two(0, 4, 0, 4), 4, "tensor 'b': begins at byte 0 of the data, inside tensor 'a'");
  }

  @Test
  void holes_are_refused() {
    assertRefused(two(0, 4, 5, 9), 9, "but tensor 'a' ends at 4; gaps are not allowed");
    assertRefused(two(1, 5, 5, 9), 9, "begins at byte 1 of the data, but the header ends at 0");
    assertRefused(two(0, 4, 4, 8), 9, "the last 1 bytes of the file belong to no tensor");
    assertRefused("{}", 1, "the last 1 bytes of the file belong to no tensor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "null", "[]", "{\"a\":7}", "{\"a\":null}", "{\"a\":{}}"})
  void metadata_that_are_no_texts_are_refused(String metadata) {
    assertRefused("{\"__metadata__\":" + metadata + "}", 0, "__metadata__");
  }

  @Test
  void a_name_cannot_smuggle_control_characters_into_the_message() {
    assertRefused(
        "{\"a\\n\\u001b[31m" + "x".repeat(40_000) + "\":7}", 0, "'a\\u000a\\u001b[31mxxx");
  }

  @Test
  void empty_tensors_scalars_and_padding_are_accepted() {
    String header =
        """
        {"z":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[4,4]},\
        "e":{"dtype":"F16","shape":[3,0],"data_offsets":[0,0],"more":"ignored"},\
        "s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},\
        "__metadata__":{"format":"pt"}}\
        """;
    try (SafetensorsFile file = open(TestFiles.safetensors(header, new byte[4]))) {
      assertThat(file.tensors().keySet()).containsExactly("e", "s", "z");
      assertThat(file.tensors().get("s").elements()).isEqualTo(1);
      assertThat(file.readFloat32("e").remaining()).isZero();
    }
  }

  @Property(tries = 300)
  void a_damaged_byte_or_a_cut_never_ends_in_anything_but_a_refusal(
      @ForAll @IntRange(max = 200) int where, @ForAll byte value, @ForAll boolean cut)
      throws Exception {
    byte[] good = TestFiles.safetensors(two(0, 4, 4, 8), new byte[8]);
    int at = where % good.length;
    byte[] bad = cut ? Arrays.copyOf(good, at) : good;
    if (!cut) {
      bad[at] = value;
    }
    TestFiles.inTemporaryFolder(
        temporary -> {
          Path file = TestFiles.write(temporary.resolve("m.safetensors"), bad);
          try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            // A damaged name or value is not to be seen; all else must hold together.
            assertThat(opened.tensors()).hasSize(2);
          } catch (InvalidInputException e) {
            assertThat(e).hasMessageStartingWith(file.toString());
          }
        });
  }

  private static String two(int beginA, int endA, int beginB, int endB) {
    return """
    {"a":{"dtype":"U8","shape":[%d],"data_offsets":[%d,%d]},\
    "b":{"dtype":"U8","shape":[%d],"data_offsets":[%d,%d]}}\
    """
        .formatted(endA - beginA, beginA, endA, endB - beginB, beginB, endB);
  }

  private static byte[] withLength(long length, String rest) {
    return ByteBuffer.allocate(8 + rest.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(rest.getBytes(StandardCharsets.UTF_8))
        .array();
  }

  private SafetensorsFile open(byte[] bytes) {
    return SafetensorsFile.open(TestFiles.write(folder.resolve("m.safetensors"), bytes));
  }

  private void assertRefused(String header, int dataBytes, String fault) {
    assertRefused(TestFiles.safetensors(header, new byte[dataBytes]), fault);
  }

  private void assertRefused(byte[] bytes, String fault) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(folder.resolve("m.safetensors") + ": ")
        .hasMessageContaining(fault)
        .hasMessageNotContaining("\n")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600));
  }
}
