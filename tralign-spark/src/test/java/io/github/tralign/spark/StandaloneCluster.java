package io.github.tralign.spark;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A master and two workers with a core each, in processes of their own, of the jars of the tests.
 */
final class StandaloneCluster implements AutoCloseable {

  private static final Pattern STARTED =
      Pattern.compile(".*Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED =
      Pattern.compile(".*Successfully registered with master.*");

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  private StandaloneCluster(Path folder) throws Exception {
    this.folder = folder;
    Path jars = Files.createDirectories(folder.resolve("home/jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith(".jar")) {
        Files.createSymbolicLink(jars.resolve(Path.of(entry).getFileName()), Path.of(entry));
      }
    }
    master =
        start(STARTED, "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0");
    for (int i = 0; i < 2; i++) {
      String work = folder.resolve("work" + i).toString();
      start(
          REGISTERED,
          "worker.Worker",
          "--host",
          "127.0.0.1",
          "--webui-port",
          "0",
          "--cores",
          "1",
          "--memory",
          "700m",
          "--work-dir",
          work,
          master);
    }
  }

  static StandaloneCluster start(Path folder) throws Exception {
    return new StandaloneCluster(folder);
  }

  /** A driver in this process, with an executor on each worker. */
  JavaSparkContext driver() throws Exception {
    Path classes =
        Path.of(SparkTraining.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return new JavaSparkContext(
        LocalSpark.conf(master)
            .set("spark.cores.max", "2")
            .set("spark.executor.cores", "1")
            .set("spark.executor.memory", "500m")
            .set("spark.executor.extraClassPath", classes.toString())
            .set("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
            .set("spark.network.timeoutInterval", "2s"));
  }

  private String start(Pattern ready, String mainClass, String... arguments) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx200m"));
    words.addAll(List.of(System.getProperty("tralign.test.opens").split(" ")));
    words.addAll(List.of("-cp", folder.resolve("home/jars") + "/*"));
    words.add("org.apache.spark.deploy." + mainClass);
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                folder.resolve("home").toString(),
                "JAVA_HOME",
                System.getProperty("java.home"),
                "SPARK_SCALA_VERSION",
                "2.13",
                "SPARK_LOCAL_IP",
                "127.0.0.1"));
    Process process = builder.start();
    processes.add(process);
    CompletableFuture<String> found = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, ready, found), mainClass);
    reader.setDaemon(true);
    reader.start();
    return found.get();
  }

  /** Looks for a line and reads on, so that the process can write. */
  private static void read(Process process, Pattern ready, CompletableFuture<String> found) {
    StringBuilder all = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher matcher = ready.matcher(line);
        if (matcher.matches()) {
          found.complete(matcher.groupCount() > 0 ? matcher.group(1) : line);
        } else if (!found.isDone()) {
          all.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      all.append(e);
    }
    found.completeExceptionally(new IllegalStateException("it ended: " + all));
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }
}
