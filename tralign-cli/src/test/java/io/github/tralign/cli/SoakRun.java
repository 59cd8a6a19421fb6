package io.github.tralign.cli;

import io.github.tralign.Footprint;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The command line, which prints beside its work what the process holds: a line of four numbers at
 * the end of each interval, see {@link Held}. Started in a process of its own by {@link Soak}.
 */
final class SoakRun {

  private static final String ARRAY = "ai.djl.pytorch.engine.PtNDArray";
  private static final String TOTAL = "Total";

  private SoakRun() {}

  /**
   * What a process holds.
   *
   * @param resident memory in KiB
   * @param heap Java's own, in KiB, after a full collection
   * @param arrays of the engine, those of the step that is under way included
   * @param handles open files, pipes and sockets
   */
  record Held(long resident, long heap, long arrays, long handles) {

    static Held now() throws JMException {
      System.gc(); // the histogram collects too, but not while native code holds an array of Java's
      String histogram = histogram();
      return new Held(
          Footprint.residentKib(),
          column(histogram, TOTAL, 2) >> 10,
          column(histogram, ARRAY, 1),
          Footprint.openHandles());
    }

    static Held parse(String line) {
      long[] numbers = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
      return new Held(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    @Override
    public String toString() {
      return resident + " " + heap + " " + arrays + " " + handles;
    }

    /** Instances and bytes of each class, of objects that can be reached. */
    private static String histogram() throws JMException {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    }

    /** A number of the line that has a word: rows are "rank: instances bytes class (module)". */
    private static long column(String histogram, String word, int column) {
      return histogram
          .lines()
          .map(line -> line.strip().split("\\s+"))
          .filter(words -> Arrays.asList(words).contains(word))
          .mapToLong(words -> Long.parseLong(words[column]))
          .findFirst()
          .orElse(0);
    }
  }

  /** Takes the interval in milliseconds and the arguments of the command line. */
  public static void main(String[] args) {
    Thread sampler = new Thread(() -> sample(Long.parseLong(args[0])), "tralign-soak");
    sampler.setDaemon(true);
    sampler.start();
    String[] command = Arrays.copyOfRange(args, 1, args.length);
    System.exit(Main.run(command, System.err, System.err));
  }

  /** Time in which the process is stopped counts for one interval at the most. */
  private static void sample(long millis) {
    try {
      while (true) {
        Thread.sleep(millis);
        System.out.println(Held.now());
      }
    } catch (InterruptedException | JMException e) {
      throw new IllegalStateException(e);
    }
  }
}
