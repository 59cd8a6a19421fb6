package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {

  @ParameterizedTest
  @CsvSource({
    "flags : fpu sse2 avx2 avx512f avx512_bf16 sha_ni, true",
    "flags : fpu sse2 avx2 amx_bf16, true",
    "flags : fpu sse2 avx2 avx512f avx512_vnni, false",
    "model name : a processor named avx512_bf16, false"
  })
  void instructions_for_bf16_are_looked_for(String line, boolean able, @TempDir Path folder)
      throws IOException {
    Path cpuinfo = Files.writeString(folder.resolve("cpuinfo"), "processor : 0\n" + line + "\n");
    assertThat(Processor.multipliesBf16(cpuinfo)).isEqualTo(able);
    assertThat(Processor.multipliesBf16(folder.resolve("none"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "flags : fpu avx512bw avx512dq avx512vl avx512_bf16 amx_bf16 amx_tile amx_int8, true",
    "flags : fpu avx512bw avx512dq avx512vl avx512_bf16, false",
    "flags : fpu avx512bw avx512dq avx512vl amx_bf16 amx_tile, false"
  })
  void all_that_native_products_take_is_looked_for(String line, boolean able, @TempDir Path folder)
      throws IOException {
    Path cpuinfo = Files.writeString(folder.resolve("cpuinfo"), line + "\n");
    assertThat(Processor.hasAmx(cpuinfo)).isEqualTo(able);
    assertThat(Processor.hasAmx(folder.resolve("none"))).isFalse();
  }
}
