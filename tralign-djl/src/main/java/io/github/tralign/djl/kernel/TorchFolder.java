package io.github.tralign.djl.kernel;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.PrivateFolder;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A PyTorch in a folder, as pip, conda or a zip file leaves it. It is judged by its files, before
 * anything of it is loaded.
 *
 * @param libraries the folder of its libraries
 * @param version such as {@code 2.7.1+cu126}; empty if nothing tells it
 * @param cuda the version of CUDA that it was built for; empty for none
 * @param runtime the folder of CUDA's runtime library; empty if none was found
 * @param problem why it cannot be used here; empty if it can
 */
public record TorchFolder(
    Path libraries,
    String version,
    Optional<String> cuda,
    Optional<Path> runtime,
    Optional<String> problem) {

  private static final String LIBRARY = System.mapLibraryName("torch_cpu");
  private static final Pattern VERSION = assignment("__version__");
  private static final Pattern CUDA = assignment("cuda");
  private static final Pattern HIP = assignment("hip");

  private static Pattern assignment(String name) {
    return Pattern.compile("(?m)^" + name + "\\b[^=\\n]*=\\s*['\"]([^'\"]+)['\"]");
  }

  /** What the PyTorch in a folder says of itself. */
  private record Facts(String version, Optional<String> cuda, boolean rocm) {

    /** Of {@code torch/version.py}, or of the file {@code build-version} of a zip file. */
    static Facts of(Path torch) throws IOException {
      Path python = torch.resolve("version.py");
      if (Files.isRegularFile(python)) {
        String text = Files.readString(python);
        return new Facts(
            find(VERSION, text).orElse(""), find(CUDA, text), find(HIP, text).isPresent());
      }
      Path plain = torch.resolve("build-version");
      String version = Files.isRegularFile(plain) ? Files.readString(plain).strip() : "";
      Matcher cuda = Pattern.compile(".*\\+cu(\\d+)(\\d)").matcher(version);
      return new Facts(
          version,
          cuda.matches() ? Optional.of(cuda.group(1) + "." + cuda.group(2)) : Optional.empty(),
          version.contains("+rocm"));
    }

    private static Optional<String> find(Pattern pattern, String text) {
      Matcher matcher = pattern.matcher(text);
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
  }

  /**
   * The PyTorch of a folder: that of the libraries, {@code torch}, {@code site-packages}, or an
   * environment of Python.
   *
   * @param jni the interface that it has to fit
   * @return empty if there is none in the folder
   */
  static Optional<TorchFolder> in(Path folder, TorchInterface jni) {
    return places(folder).stream()
        .filter(it -> Files.isRegularFile(it.resolve(LIBRARY)))
        .findFirst()
        .map(it -> judge(it.toAbsolutePath().normalize(), jni));
  }

  private static List<Path> places(Path folder) {
    Path inside = folder.resolve("torch").resolve("lib");
    return Stream.concat(
            Stream.of(folder, folder.resolve("lib"), inside),
            TorchPlaces.packages(folder).stream().map(it -> it.resolve("torch").resolve("lib")))
        .toList();
  }

  /** Why {@link #in} finds none in a folder, as the rest of a sentence that begins with it. */
  static String absence(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isEmpty()) {
        return "is empty";
      }
      for (Path place : places(folder)) {
        requireVisible(place.resolve(LIBRARY));
      }
      return "holds no PyTorch";
    } catch (NoSuchFileException e) {
      return "does not exist";
    } catch (NotDirectoryException e) {
      return "is a file, not a folder";
    } catch (IOException e) {
      return "cannot be read: " + fileOf(e) + Reason.of(e);
    }
  }

  /** Lets through what is not there, but not what may not be looked for. */
  private static void requireVisible(Path file) throws IOException {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
    } catch (AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      // not there
    }
  }

  private static TorchFolder judge(Path libraries, TorchInterface jni) {
    try {
      Facts facts = Facts.of(libraries.resolveSibling(""));
      Optional<Path> runtime = CudaRuntime.beside(libraries, facts.cuda());
      return new TorchFolder(
          libraries,
          facts.version(),
          facts.cuda(),
          runtime,
          problem(libraries, facts, runtime, jni));
    } catch (IOException e) {
      return new TorchFolder(
          libraries,
          "",
          Optional.empty(),
          Optional.empty(),
          Optional.of("cannot be read: " + fileOf(e) + Reason.of(e)));
    }
  }

  private static Optional<String> problem(
      Path libraries, Facts facts, Optional<Path> runtime, TorchInterface jni) throws IOException {
    if (facts.version().isEmpty()) {
      return Optional.of(
          "is of an unknown version: neither version.py nor build-version is in "
              + libraries.resolveSibling(""));
    }
    if (facts.rocm()) {
      return Optional.of("is for AMD's ROCm, which is not supported");
    }
    Optional<String> mismatch = jni.mismatch(facts.version(), facts.cuda());
    if (mismatch.isPresent()) {
      return mismatch;
    }
    for (String name : required(facts)) {
      if (!Files.isRegularFile(libraries.resolve(System.mapLibraryName(name)))) {
        return Optional.of("lacks " + System.mapLibraryName(name));
      }
    }
    Optional<String> damage = LibraryFile.damageWithin(libraries);
    if (damage.isPresent()) {
      return Optional.of(
          "is damaged: "
              + damage.get()
              + "; install it again, such as with pip install --force-reinstall torch=="
              + jni.torch());
    }
    if (facts.cuda().isPresent() && runtime.isEmpty()) {
      return Optional.of(
          "needs the runtime library of CUDA "
              + facts.cuda().get()
              + ", which is neither beside it nor in LD_LIBRARY_PATH; pip installs it with torch");
    }
    return PrivateFolder.risk(libraries)
        .or(() -> riskWithin(libraries))
        .map(it -> "is not trusted, since " + it);
  }

  private static String fileOf(IOException e) {
    return e instanceof FileSystemException of ? of.getFile() + ": " : "";
  }

  private static Optional<String> riskWithin(Path libraries) {
    try {
      return PrivateFolder.riskWithin(libraries);
    } catch (IOException e) {
      return Optional.of("it cannot be read: " + Reason.of(e));
    }
  }

  private static List<String> required(Facts facts) {
    return facts.cuda().isPresent()
        ? List.of("c10", "torch", "torch_cpu", "c10_cuda", "torch_cuda")
        : List.of("c10", "torch", "torch_cpu");
  }

  /** Whether it can be used here. */
  public boolean fits() {
    return problem.isEmpty();
  }

  /**
   * As {@code PyTorch 2.7.1+cu126 in FOLDER}, followed by the problem if there is one, as one
   * sentence.
   */
  @Override
  public String toString() {
    String name = "PyTorch " + (version.isEmpty() ? "" : version + " ") + "in " + libraries;
    return name + problem.map(it -> " " + it).orElse("");
  }

  /**
   * The same if it can be used.
   *
   * @throws InvalidInputException with the problem otherwise
   */
  TorchFolder requireFit() {
    if (!fits()) {
      throw new InvalidInputException(toString());
    }
    return this;
  }
}
