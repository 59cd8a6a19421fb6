package io.github.tralign.tabular;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The state of a {@link TrainableVector} as a file of big-endian numbers: the number of parts, the
 * length of the vector, 1 if there is a reference, else 0, the step count of each part, and then
 * the doubles.
 *
 * @param steps of each part
 * @param reference reference weights; of length 0 if no reference is kept
 */
record VectorState(
    int[] steps, double[] values, double[] firstMoment, double[] secondMoment, double[] reference) {

  private static final String FILE = "vector.f64";

  void write(Path folder) {
    Path file = folder.resolve(FILE);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(steps.length);
      out.writeInt(values.length);
      out.writeInt(reference.length == 0 ? 0 : 1);
      for (int done : steps) {
        out.writeInt(done);
      }
      for (double[] part : new double[][] {values, firstMoment, secondMoment, reference}) {
        for (double value : part) {
          out.writeDouble(value);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** Reads the state of a vector of a length with a number of parts. */
  static VectorState read(Path folder, int parts, int length) {
    Path file = folder.resolve(FILE);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      int partsThere = in.readInt();
      int there = in.readInt();
      if (there != length || partsThere != parts) {
        throw new InvalidInputException(
            String.format(
                Locale.ROOT,
                "%s: is the state of %d weights in %d parameters, but the policy has %d in %d",
                file,
                there,
                partsThere,
                length,
                parts));
      }
      boolean hasReference = in.readInt() == 1;
      int[] steps = new int[parts];
      for (int i = 0; i < parts; i++) {
        steps[i] = in.readInt();
      }
      return new VectorState(
          steps,
          doubles(in, length),
          doubles(in, length),
          doubles(in, length),
          doubles(in, hasReference ? length : 0));
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static double[] doubles(DataInputStream in, int length) throws IOException {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }
}
