package io.github.tralign;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A program of somebody who uses published jars: compiled with every warning an error against what
 * a user has, and no more.
 */
public final class UserProgram {

  private final Path output;
  private final List<Path> dependencies;

  /**
   * A program that goes to a folder.
   *
   * @param samples a class of each jar or folder that the program may use
   */
  public UserProgram(Path output, List<Class<?>> samples) {
    this.output = output;
    this.dependencies = samples.stream().map(UserProgram::location).distinct().toList();
  }

  /** Compiles a module with one class, {@code user.Main}. */
  public void compileModule(String descriptor, String main) {
    compile(
        List.of("--module-path", path(dependencies)),
        List.of(source("module-info", descriptor), source("user/Main", main)));
  }

  /** Compiles a class, on the class path, that names all public types of a module. */
  public void compileWithAllTypesOf(Class<?> sample, String... packages) throws IOException {
    String names =
        publicTypes(sample, packages).stream().collect(joining(".class,\n", "", ".class"));
    String all = "final class All { static final Class<?>[] TYPES = {" + names + "}; }";
    compile(List.of("-classpath", path(dependencies)), List.of(source("All", all)));
  }

  /** The public types, by canonical name, of these packages. */
  static List<String> publicTypes(Class<?> sample, String... packages) throws IOException {
    Path root = location(sample);
    List<String> names = new ArrayList<>();
    for (String name : packages) {
      try (Stream<Path> files = Files.list(root.resolve(name.replace('.', '/')))) {
        for (Path file : files.filter(it -> it.toString().endsWith(".class")).sorted().toList()) {
          String binary = name + "." + file.getFileName().toString().replaceFirst("\\.class$", "");
          if (!binary.endsWith("package-info") && isPublic(load(binary))) {
            names.add(load(binary).getCanonicalName());
          }
        }
      }
    }
    return names;
  }

  /** Runs the module's main class where there are no modules but those that it requires. */
  public String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<Path> modules = new ArrayList<>(dependencies);
    modules.add(output);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--limit-modules", "user"));
    command.addAll(List.of("--module-path", path(modules), "--module", "user/user.Main"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  private void compile(List<String> where, List<JavaFileObject> sources) {
    List<String> options = new ArrayList<>(where);
    options.addAll(List.of("-Xlint:all", "-Werror", "-proc:none", "-d", output.toString()));
    StringWriter complaints = new StringWriter();
    CompilationTask task =
        ToolProvider.getSystemJavaCompiler()
            .getTask(complaints, null, null, options, null, sources);
    assertThat(task.call()).as(complaints.toString()).isTrue();
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  private static boolean isPublic(Class<?> type) {
    boolean isPublic = true;
    for (Class<?> outer = type; outer != null; outer = outer.getDeclaringClass()) {
      isPublic &= java.lang.reflect.Modifier.isPublic(outer.getModifiers());
    }
    return isPublic;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, UserProgram.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String path(List<Path> parts) {
    return parts.stream().map(Path::toString).collect(joining(File.pathSeparator));
  }
}
