package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders as pip makes them, with libraries that are a header only. */
class TorchFolderTest {

  private static final String CPU = "__version__ = '2.7.1+cpu'\ncuda: Optional[str] = None\n";
  private static final String CUDA =
      "__version__ = '2.7.1+cu126'\ncuda: Optional[str] = '12.6'\nhip: Optional[str] = None\n";

  @TempDir private Path folder;
  private Path packages;
  private TorchInterface jni;

  @BeforeEach
  void make() throws IOException {
    packages = Files.createDirectories(folder.resolve("venv/lib/python3.11/site-packages"));
    jni = jni("jni_version=2.7.1-0.35.1", "cpu", "cu128");
  }

  private TorchInterface jni(String version, String... variants) throws IOException {
    Path jar = Files.createTempDirectory(folder, "jni");
    file(jar.resolve("jnilib/pytorch.properties"), version);
    for (String variant : variants) {
      file(jar.resolve("jnilib/linux-x86_64/" + variant + "/libdjl_torch.so"), "");
    }
    return TorchInterface.of(
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, null), "linux-x86_64");
  }

  private static void file(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private static void library(Path path) throws IOException {
    file(path, "");
    Files.write(path, LibraryFileTest.library(0));
  }

  private void install(Path packages, String version, String... libraries) throws IOException {
    file(packages.resolve("torch/version.py"), version);
    for (String name : libraries) {
      library(packages.resolve("torch/lib").resolve(System.mapLibraryName(name)));
    }
  }

  private void installCuda() throws IOException {
    install(packages, CUDA, "c10", "torch", "torch_cpu", "c10_cuda", "torch_cuda");
    file(packages.resolve("nvidia/cuda_runtime/lib/libcudart.so.12"), "");
  }

  private TorchFolder read(Path from) {
    return TorchFolder.in(from, jni).orElseThrow();
  }

  @Test
  void one_for_cuda_is_read_with_its_runtime_library() throws IOException {
    installCuda();
    TorchFolder torch = read(packages);
    assertThat(torch.problem()).isEmpty();
    assertThat(torch.version()).isEqualTo("2.7.1+cu126");
    assertThat(torch.cuda()).hasValue("12.6");
    assertThat(torch.runtime()).hasValue(packages.resolve("nvidia/cuda_runtime/lib"));
    assertThat(jni.variant(torch.cuda())).hasValue("cu128"); // any of CUDA 12
    assertThat(torch).hasToString("PyTorch 2.7.1+cu126 in " + packages.resolve("torch/lib"));
  }

  @Test
  void every_folder_that_a_person_may_name_leads_to_it() throws IOException {
    installCuda();
    for (Path named :
        List.of(
            folder.resolve("venv"),
            packages,
            packages.resolve("torch"),
            packages.resolve("torch/lib"))) {
      assertThat(read(named).libraries()).as("%s", named).isEqualTo(packages.resolve("torch/lib"));
    }
    assertThat(TorchFolder.in(folder, jni)).isEmpty();
  }

  @Test
  void one_without_cuda_fits_too() throws IOException {
    install(packages, CPU, "c10", "torch", "torch_cpu");
    assertThat(read(packages).fits()).isTrue();
    assertThat(read(packages).cuda()).isEmpty();
    assertThat(jni.variant(read(packages).cuda())).hasValue("cpu");
  }

  @Test
  void that_of_a_zip_file_has_its_version_in_a_file_of_its_own() throws IOException {
    install(packages, "", "c10", "torch", "torch_cpu", "c10_cuda", "torch_cuda");
    Files.delete(packages.resolve("torch/version.py"));
    file(packages.resolve("torch/build-version"), "2.7.1+cu128\n");
    library(packages.resolve("torch/lib/libcudart-9335f6a2.so.12"));
    assertThat(read(packages).cuda()).hasValue("12.8");
    assertThat(read(packages).problem()).isEmpty();
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          __version__ = '2.15.0+cu132' | does not fit: pytorch-jni 2.7.1-0.35.1 needs PyTorch 2.7.1
          __version__ = '2.7.10'       | needs PyTorch 2.7.1
          version = '2.7.1'            | is of an unknown version: neither version.py nor build-version
          __version__ = '2.7.1';hip = '6.3' | is for AMD's ROCm, which is not supported
          __version__ = '2.7.1';cuda = '13.0' | has no variant for linux-x86_64 and CUDA 13.0
          __version__ = '2.7.1';cuda = '12.6' | lacks libc10_cuda.so
          """)
  void what_does_not_fit_says_why(String version, String problem) throws IOException {
    install(packages, version.replace(';', '\n'), "c10", "torch", "torch_cpu");
    TorchFolder torch = read(packages);
    assertThat(torch.problem()).hasValueSatisfying(it -> assertThat(it).contains(problem));
    assertThatThrownBy(torch::requireFit)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(packages + "/torch/lib ")
        .hasMessageContaining(problem);
  }

  @Test
  void without_the_runtime_library_of_its_cuda_it_cannot_be_used() throws IOException {
    installCuda();
    Files.move(
        packages.resolve("nvidia/cuda_runtime/lib/libcudart.so.12"),
        packages.resolve("nvidia/cuda_runtime/lib/libcudart.so.11.0"));
    assertThat(read(packages).problem())
        .hasValueSatisfying(
            it -> assertThat(it).startsWith("needs the runtime library of CUDA 12.6"));
  }

  @Test
  void one_that_others_can_change_is_not_trusted() throws IOException {
    installCuda();
    packages
        .resolve("torch/lib/" + System.mapLibraryName("torch"))
        .toFile()
        .setWritable(true, false);
    assertThat(read(packages).problem())
        .hasValueSatisfying(
            it -> assertThat(it).contains("is not trusted", "can be written by other users"));
  }

  @Test
  void one_with_a_damaged_library_is_refused_before_it_is_loaded() throws IOException {
    installCuda();
    Path library = packages.resolve("torch/lib").resolve(System.mapLibraryName("torch_cuda"));
    Files.write(library, new byte[0]);
    assertThat(read(packages).problem())
        .hasValue(
            "is damaged: "
                + library.getFileName()
                + " is empty; install it again, such as with pip install --force-reinstall"
                + " torch==2.7.1");
  }

  @Test
  void what_is_no_folder_with_a_pytorch_is_named() throws IOException {
    assertThat(TorchFolder.absence(packages)).isEqualTo("is empty");
    assertThat(TorchFolder.absence(folder)).isEqualTo("holds no PyTorch");
    assertThat(TorchFolder.absence(folder.resolve("missing"))).isEqualTo("does not exist");
    file(folder.resolve("file"), "");
    assertThat(TorchFolder.absence(folder.resolve("file"))).isEqualTo("is a file, not a folder");
    file(folder.resolve("venv/torch"), ""); // which has no folder lib
    assertThat(TorchFolder.absence(folder.resolve("venv"))).isEqualTo("holds no PyTorch");
  }

  @Test
  void without_the_interface_none_fits() throws IOException {
    installCuda();
    jni = TorchInterface.of(new URLClassLoader(new URL[0], null), "linux-x86_64");
    assertThat(read(packages).problem())
        .hasValueSatisfying(it -> assertThat(it).contains("pytorch-jni is not on the class path"));
  }

  @Test
  void places_are_searched_from_the_nearest_to_the_farthest() throws IOException {
    Path home = folder.resolve("home");
    installCuda();
    Path older = folder.resolve("venv/lib/python3.9/site-packages");
    Path conda = folder.resolve("conda/lib/python3.12/site-packages");
    Path user = home.resolve(".local/lib/python3.10/site-packages");
    Path onPath = folder.resolve("opt/lib/python3.13/site-packages");
    Path system = folder.resolve("root/usr/lib/python3/dist-packages");
    for (Path each : List.of(older, conda, user, onPath, system)) {
      install(each, CPU, "c10", "torch", "torch_cpu");
    }
    file(folder.resolve("opt/bin/python3"), "");
    Files.createDirectories(folder.resolve("other/bin"));
    Map<String, String> environment =
        Map.of(
            "VIRTUAL_ENV", folder.resolve("venv").toString(),
            "CONDA_PREFIX", folder.resolve("conda").toString(),
            "PATH", folder.resolve("other/bin") + ":" + folder.resolve("opt/bin"));
    TorchPlaces places = new TorchPlaces(environment, home, folder.resolve("root"));
    assertThat(places.all(jni).stream().map(it -> it.libraries()))
        .containsExactlyElementsOf(
            List.of(packages, older, conda, onPath, user, system).stream()
                .map(it -> it.resolve("torch/lib"))
                .toList());
    assertThat(new TorchPlaces(Map.of(), folder, folder).all(jni)).isEmpty();
  }
}
