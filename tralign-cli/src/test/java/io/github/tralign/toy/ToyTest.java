package io.github.tralign.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ToyTest {

  @TempDir private Path folder;

  @Test
  void the_same_settings_give_the_same_files_whatever_the_threads() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path three = Files.createDirectory(folder.resolve("three"));
    run(1, small().build()).write(one);
    run(3, small().build()).write(three);
    for (String name : List.of("table.txt", "courses.csv", "runs.csv", "probabilities.svg")) {
      assertThat(three.resolve(name)).hasSameBinaryContentAs(one.resolve(name));
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_method_starts_from_the_same_policies_and_moves(ToyLoss loss) {
    ToyResult result = run(2, small().loss(loss).build()).result();
    for (Measure measure : List.of(Measure.OUT_OF_DATA, Measure.CHOSEN, Measure.REJECTED)) {
      double[][] vanilla = result.runs(0, measure);
      for (int method = 1; method < 3; method++) {
        double[][] moving = result.runs(method, measure);
        for (int seed = 0; seed < moving.length; seed++) {
          assertThat(moving[seed][0]).isEqualTo(vanilla[seed][0]);
          assertThat(moving[seed]).isNotEqualTo(vanilla[seed]);
        }
      }
    }
    assertThat(result.band(0, Measure.REJECTED).lastMean())
        .isLessThan(result.band(0, Measure.REJECTED).mean()[0]);
  }

  /** A hard reference is the policy itself again after each window, and then pulls in full. */
  @Test
  void the_pull_returns_in_full_after_each_hard_update_and_never_with_a_fixed_reference() {
    ToyResult result = run(2, small().tau(4).build()).result();
    for (double[] run : result.runs(2, Measure.GRADIENT_WEIGHT)) {
      assertThat(run[5]).isEqualTo(0.5);
      assertThat(run[9]).isEqualTo(0.5);
      assertThat(run[8]).isLessThan(0.5);
    }
    for (double[] run : result.runs(0, Measure.GRADIENT_WEIGHT)) {
      assertThat(run[1]).isEqualTo(0.5);
      assertThat(run[9]).isLessThan(run[5]).isLessThan(0.5);
    }
  }

  @Test
  void fine_tuning_makes_its_sequences_likely() {
    ToyResult both = run(2, small().hidden(16).sftSteps(100).build()).result();
    assertThat(both.band(0, Measure.OUT_OF_DATA).mean()[0]).isLessThan(0.1);
    assertThat(both.band(0, Measure.REJECTED).mean()[0]).isCloseTo(0.5, within(0.1));
    ToyResult chosen =
        run(2, small().hidden(16).sftSteps(100).sft(SftData.CHOSEN).build()).result();
    assertThat(chosen.band(0, Measure.CHOSEN).mean()[0]).isGreaterThan(0.9);
  }

  @Test
  void tables_have_a_row_for_each_method_and_step_and_for_each_run() throws IOException {
    run(2, small().measureEvery(5).build()).write(folder);
    List<String> courses = Files.readAllLines(folder.resolve("courses.csv"));
    assertThat(courses).hasSize(1 + 3 * 4); // steps 0, 5, 10, 12
    assertThat(courses.get(0)).startsWith("method,step,out_of_data_mean,out_of_data_std,");
    assertThat(courses.get(4)).startsWith("DPO,12,");
    List<String> runs = Files.readAllLines(folder.resolve("runs.csv"));
    assertThat(runs).hasSize(1 + 3 * 3);
    assertThat(runs.get(9)).startsWith("TR-DPO hard,3,");
    for (List<String> rows : List.of(courses, runs)) {
      int columns = rows.get(0).split(",").length;
      assertThat(rows.subList(1, rows.size()))
          .allSatisfy(row -> assertNumbers(row.split(","), columns));
    }
  }

  @Test
  void pictures_can_be_read() throws Exception {
    run(2, small().build()).write(folder);
    assertPicture("probabilities", 1260, 600);
    assertPicture("curvature", 840, 300);
  }

  @Test
  void a_grid_has_a_row_for_each_setting_and_method() throws IOException {
    ToyGrid grid = new ToyGrid();
    grid.add(run(2, small().build()));
    grid.add(run(2, small().beta(0.1).build()));
    grid.write(folder);
    List<String> rows = Files.readAllLines(folder.resolve("grid.csv"));
    assertThat(rows).hasSize(1 + 2 * 3);
    assertThat(rows.get(6)).startsWith("dpo,3,0,pair,0.1").contains(",TR-DPO hard,");
    assertThat(rows).allSatisfy(row -> assertThat(row.split(",")).hasSize(23));
    assertThat(folder.resolve("grid.md")).content().hasLineCount(4).isEqualTo(grid.table());
  }

  @Test
  void settings_outside_their_range_are_named() {
    assertRefused(small().seeds(0), "seeds must be at least 1, not 0");
    assertRefused(small().depth(9), "depth must be from 1 to 8, not 9");
    assertRefused(small().sharedPrefix(3), "shared prefix must be from 0 to 2");
    assertRefused(small().hidden(0), "hidden must be at least 1");
    assertRefused(small().steps(0), "steps must be at least 1");
    assertRefused(small().measureEvery(0), "measure every must be at least 1");
    assertRefused(small().learningRate(0), "learning rate must be a number > 0");
    assertRefused(small().beta(Double.NaN), "beta must be a number > 0");
  }

  private static ToySettingsBuilder small() {
    return ToySettings.builder().seeds(3).depth(3).hidden(5).sftSteps(20).steps(12);
  }

  private static ToyReport run(int threads, ToySettings settings) {
    try (Toy toy = new Toy(threads)) {
      return toy.run(settings, done -> {});
    }
  }

  private static void assertNumbers(String[] cells, int columns) {
    assertThat(cells).hasSize(columns);
    for (int i = 1; i < cells.length; i++) {
      assertThat(Double.parseDouble(cells[i])).isFinite();
    }
  }

  private void assertPicture(String name, int width, int height) throws Exception {
    BufferedImage image = ImageIO.read(folder.resolve(name + ".png").toFile());
    assertThat(image.getWidth()).isEqualTo(3 * width / 2);
    assertThat(image.getHeight()).isEqualTo(3 * height / 2);
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    parser.setEntityResolver((id, url) -> new InputSource(new ByteArrayInputStream(new byte[0])));
    Document svg = parser.parse(folder.resolve(name + ".svg").toFile());
    assertThat(svg.getDocumentElement().getAttribute("width")).isEqualTo(width + "");
    assertThat(svg.getElementsByTagName("path").getLength()).isPositive();
  }

  private static void assertRefused(ToySettingsBuilder settings, String message) {
    assertThatIllegalArgumentException().isThrownBy(settings::build).withMessageContaining(message);
  }
}
