package io.github.tralign.spark;

import io.github.tralign.spark.RankReport.Kind;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The task of one rank: it starts the rank's process and waits for its end. Rank 0 comes first,
 * since its process chooses the port at which all meet.
 */
record TrainingTask(
    WorkerCommand command,
    ReportServer.Place driver,
    Duration meetTimeout,
    Duration grace,
    String metrics,
    String resumeIf,
    List<String> resumeArguments)
    implements Serializable {

  /** Runs in a barrier task. */
  String run() throws InterruptedException {
    BarrierTaskContext context = BarrierTaskContext.get();
    int rank = context.partitionId();
    try (ReportClient reports = ReportClient.connect(driver, rank, context.stageAttemptNumber())) {
      return rank == 0 ? first(context, reports) : other(context, reports);
    }
  }

  private String first(BarrierTaskContext context, ReportClient reports)
      throws InterruptedException {
    String address = address(context, 0);
    boolean resumes =
        context.stageAttemptNumber() > 0 && !resumeIf.isEmpty() && Files.exists(Path.of(resumeIf));
    try (TemporaryFolder folder = TemporaryFolder.create();
        WorkerProcess process =
            start(
                context,
                reports,
                List.of("--meet", address + ":0", "--meet-file", meetFile(folder).toString()),
                resumes)) {
      String meet = awaitMeet(context, process, meetFile(folder));
      context.allGather(meet + " " + resumes);
      TailedFile tail = new TailedFile(Path.of(metrics), line -> reports.send(Kind.METRICS, line));
      return end(context, reports, process, metrics.isEmpty() ? () -> {} : tail::poll);
    }
  }

  private String other(BarrierTaskContext context, ReportClient reports)
      throws InterruptedException {
    String[] first = context.allGather("")[0].split(" ", 2);
    if (first[0].isEmpty()) {
      throw new IllegalStateException("rank 0 ended before it listened");
    }
    List<String> more = List.of("--meet", first[0]);
    try (WorkerProcess process = start(context, reports, more, Boolean.parseBoolean(first[1]))) {
      return end(context, reports, process, () -> {});
    }
  }

  private WorkerProcess start(
      BarrierTaskContext context, ReportClient reports, List<String> more, boolean resumes) {
    int rank = context.partitionId();
    List<String> arguments = new ArrayList<>();
    if (resumes) {
      arguments.addAll(resumeArguments);
    }
    arguments.addAll(List.of("--rank", "" + rank, "--world", "" + context.getTaskInfos().length));
    arguments.addAll(more);
    arguments.addAll(List.of("--address", address(context, rank)));
    ProcessBuilder builder = command.plus(arguments).process();
    builder.environment().putAll(devices(context.resourcesJMap()));
    WorkerProcess process =
        WorkerProcess.start(builder, line -> reports.send(Kind.LINE, line), grace);
    TaskCompletionListener close = ended -> process.close(); // whatever happens to this method
    context.addTaskCompletionListener(close);
    return process;
  }

  private String awaitMeet(BarrierTaskContext context, WorkerProcess process, Path file)
      throws InterruptedException {
    long end = System.nanoTime() + meetTimeout.toNanos();
    while (!Files.exists(file)) {
      if (!process.isAlive()) {
        return ""; // end() says why, once the others are here
      }
      if (System.nanoTime() - end >= 0) {
        throw new IllegalStateException(
            "rank 0 has not written "
                + file
                + " within "
                + meetTimeout.toSeconds()
                + " s; "
                + process.lastLines());
      }
      WorkerProcess.pause(context);
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String end(
      BarrierTaskContext context, ReportClient reports, WorkerProcess process, Runnable meanwhile)
      throws InterruptedException {
    int exitCode = process.await(context, meanwhile);
    reports.send(Kind.END, "" + exitCode);
    String what =
        "rank " + context.partitionId() + " on " + address(context, context.partitionId());
    if (exitCode != 0) {
      throw new IllegalStateException(
          what + " ended with exit code " + exitCode + "; " + process.lastLines());
    }
    return what;
  }

  /** The address by which Spark knows the executor of a rank. */
  private static String address(BarrierTaskContext context, int rank) {
    String address = context.getTaskInfos()[rank].address();
    int port = address.lastIndexOf(':');
    return port < 0 ? address : address.substring(0, port);
  }

  /** The GPUs that Spark has given to the task, in the variable that CUDA reads. */
  static Map<String, String> devices(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get("gpu");
    return gpus == null
        ? Map.of()
        : Map.of("CUDA_VISIBLE_DEVICES", String.join(",", gpus.addresses()));
  }

  private static Path meetFile(TemporaryFolder folder) {
    return folder.path().resolve("meet");
  }
}
