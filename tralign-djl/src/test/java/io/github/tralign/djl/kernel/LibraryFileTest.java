package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LibraryFileTest {

  @TempDir private Path folder;

  /** An ELF file of one segment, whose last part is a table of sections. */
  static byte[] library(int sections) {
    ByteBuffer bytes = ByteBuffer.allocate(200 + 64 * sections).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    bytes.putLong(0x20, 64).putShort(0x36, (short) 56).putShort(0x38, (short) 1);
    bytes.putLong(0x28, 200).putShort(0x3a, (short) 64).putShort(0x3c, (short) sections);
    bytes.putLong(64 + 0x08, 150).putLong(64 + 0x20, 50);
    return bytes.array();
  }

  private String damage(byte[] content) throws IOException {
    return LibraryFile.damage(Files.write(folder.resolve("liba.so"), content)).orElse("none");
  }

  @Test
  void a_library_is_whole_if_its_segments_and_sections_are_there() throws IOException {
    byte[] whole = library(3);
    assertThat(damage(whole)).isEqualTo("none");
    for (int length : new int[] {391, 100, 64}) {
      assertThat(damage(Arrays.copyOf(whole, length)))
          .isEqualTo("liba.so is cut short: it has " + length + " of 392 bytes");
    }
    byte[] moved = library(0);
    assertThat(damage(moved)).isEqualTo("none");
    assertThat(damage(Arrays.copyOf(moved, 199))).contains("it has 199 of 200 bytes");
  }

  @Test
  void what_is_no_library_is_told_from_one() throws IOException {
    assertThat(damage(new byte[0])).isEqualTo("liba.so is empty");
    assertThat(damage(new byte[4096])).isEqualTo("liba.so is not a library (a 64-bit ELF file)");
    assertThat(damage("version https://git-lfs".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .contains("is not a library");
    assertThat(LibraryFile.damage(folder.resolve("missing.so")))
        .hasValue("missing.so cannot be read: no such file or folder");
    Files.createDirectory(folder.resolve("libb.so"));
    assertThat(LibraryFile.damage(folder.resolve("libb.so"))).hasValue("libb.so is not a file");
  }

  @Test
  void the_header_of_a_library_may_hold_anything() throws IOException {
    byte[] wild = library(1);
    Arrays.fill(wild, 0x20, 0x30, (byte) 0xff); // the tables are before the beginning
    Arrays.fill(wild, 0x38, 0x40, (byte) 0xff); // and have as many entries as can be
    assertThat(damage(wild)).contains("is cut short");
  }

  @Test
  void only_libraries_of_a_folder_are_looked_at() throws IOException {
    Files.write(folder.resolve("liba.so"), library(1));
    Files.write(folder.resolve("notes.txt"), new byte[0]);
    assertThat(LibraryFile.damageWithin(folder)).isEmpty();
    Files.write(folder.resolve("libz-1.so.12.6"), new byte[0]);
    assertThat(LibraryFile.damageWithin(folder)).hasValue("libz-1.so.12.6 is empty");
    assertThat(LibraryFile.damageWithin(folder.resolve("no"))).isPresent();
  }
}
