package io.github.tralign;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    this.dependencies = samples.stream().map(PublicTypes::location).distinct().toList();
  }

  /** Compiles a module with one class, {@code user.Main}. */
  public void compileModule(String descriptor, String main) {
    compile(
        List.of("--module-path", path(dependencies)),
        List.of(source("module-info", descriptor), source("user/Main", main)));
  }

  /** Compiles a class, on the class path, that names these types. */
  public void compileWith(List<Class<?>> types) {
    String names = types.stream().map(it -> it.getCanonicalName() + ".class").collect(joining(","));
    String all = "final class All { static final Class<?>[] TYPES = {" + names + "}; }";
    compile(List.of("-classpath", path(dependencies)), List.of(source("All", all)));
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

  private static String path(List<Path> parts) {
    return parts.stream().map(Path::toString).collect(joining(File.pathSeparator));
  }
}
