package io.github.tralign.judge.client;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Table;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.github.tralign.file.PartialFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * Asks many questions in parallel. Each reply is in a file as soon as it is there, so after a kill
 * the same inquiry continues with what is missing and asks nothing twice that was answered.
 */
public final class Inquiry implements AutoCloseable {

  private static final int ALL_REJECTED = 5;

  private record Rejected(JudgeRequest request, ChatReply reply) {}

  private final PartialFile file;
  private final Table<Integer, Integer, ChatReply> replies = HashBasedTable.create();
  private final List<Rejected> held = new ArrayList<>();
  private boolean accepted;

  private Inquiry(PartialFile file, Set<Integer> indices) {
    this.file = file;
    file.forEach(
        row -> {
          JsonNode index = row.path("index");
          JsonNode sample = row.path("sample");
          checkArgument(
              index.isInt()
                  && indices.contains(index.intValue())
                  && sample.isInt()
                  && sample.intValue() >= 0,
              "has index %s and sample %s, which no question has",
              index,
              sample);
          replies.put(index.intValue(), sample.intValue(), ChatReply.ofRow(row));
        });
    accepted = file.size() > 0;
  }

  /**
   * Opens the file of replies, or makes it.
   *
   * @param requests the first questions, on which all others depend
   * @throws io.github.tralign.InvalidInputException if the file has replies to others, is damaged,
   *     or another process writes it
   */
  public static Inquiry open(Path file, List<JudgeRequest> requests) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (JudgeRequest request : requests) {
      hasher
          .putInt(request.index())
          .putInt(request.sample())
          .putString(request.body().toString(), StandardCharsets.UTF_8);
    }
    PartialFile opened = PartialFile.open(requireNonNull(file, "file"), hasher.hash().toString());
    try {
      return new Inquiry(
          opened, requests.stream().map(JudgeRequest::index).collect(Collectors.toSet()));
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** The number of replies that are there. */
  public synchronized int size() {
    return replies.size();
  }

  /** The requests without a reply. */
  public synchronized List<JudgeRequest> missing(List<JudgeRequest> requests) {
    return requests.stream().filter(it -> !replies.contains(it.index(), it.sample())).toList();
  }

  /** The replies that are there, by index and sample. */
  public synchronized ImmutableTable<Integer, Integer, ChatReply> replies() {
    return ImmutableTable.copyOf(replies);
  }

  /**
   * Asks what has no reply yet, and returns when all have one.
   *
   * @param parallel the number of requests at a time, ≥ 1
   * @param progress gets the number of replies that are there
   * @throws JudgeException if the server does not answer; the replies so far are kept
   */
  public void ask(
      List<JudgeRequest> requests, ChatClient client, int parallel, IntConsumer progress)
      throws InterruptedException {
    List<JudgeRequest> missing = missing(requests);
    int threads = Math.min(parallel, missing.size());
    if (threads == 0) {
      return;
    }
    AtomicInteger next = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            new ThreadFactoryBuilder().setNameFormat("tralign-judge-%d").setDaemon(true).build());
    try {
      var workers = new ExecutorCompletionService<Boolean>(pool);
      for (int i = 0; i < threads; i++) {
        workers.submit(
            () -> {
              for (int j = next.getAndIncrement(); j < missing.size(); j = next.getAndIncrement()) {
                JudgeRequest request = missing.get(j);
                progress.accept(add(request, client.ask(request)));
              }
              return true;
            });
      }
      for (int i = 0; i < threads; i++) {
        workers.take().get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    requireAccepted(1);
  }

  /**
   * Keeps a reply. Rejections are held back until the server has accepted some request: if it
   * accepts none, the settings are wrong and not the rows.
   */
  private synchronized int add(JudgeRequest request, ChatReply reply) {
    if (reply.isRejected() && !accepted) {
      held.add(new Rejected(request, reply));
      requireAccepted(ALL_REJECTED);
    } else {
      accepted = true;
      held.forEach(it -> write(it.request(), it.reply()));
      held.clear();
      write(request, reply);
    }
    return replies.size();
  }

  private synchronized void requireAccepted(int atMost) {
    if (held.size() >= atMost) {
      throw new JudgeException(
          "the server rejects all requests: " + held.get(0).reply().problem().orElse(""), null);
    }
  }

  private void write(JudgeRequest request, ChatReply reply) {
    var row = JsonNodeFactory.instance.objectNode();
    row.put("index", request.index()).put("sample", request.sample()).setAll(reply.row());
    file.add(row);
    replies.put(request.index(), request.sample(), reply);
  }

  @Override
  public synchronized void close() {
    file.close();
  }
}
