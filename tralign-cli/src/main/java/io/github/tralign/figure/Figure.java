package io.github.tralign.figure;

import io.github.tralign.file.AtomicFile;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.w3c.dom.Document;

/**
 * A grid of charts.
 *
 * @param rows the rows from the top; the last may be shorter
 */
public record Figure(List<List<XYChart>> rows) {

  private static final int PANEL_WIDTH = 420;
  private static final int PANEL_HEIGHT = 300;
  private static final double PIXELS = 1.5; // pixels of the image per unit of the drawing

  /**
   * Writes {@code name.svg} and {@code name.png}.
   *
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder, String name) throws IOException {
    writeSvg(folder.resolve(name + ".svg"));
    writePng(folder.resolve(name + ".png"));
  }

  private void writeSvg(Path file) throws IOException {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptySvg());
    context.setPrecision(2);
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(width(), height()));
    paint(graphics);
    StringWriter text = new StringWriter();
    graphics.stream(text, true);
    AtomicFile.writeString(file, text.toString());
  }

  private static Document emptySvg() {
    try {
      return DocumentBuilderFactory.newDefaultNSInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e); // cannot happen with the default factory
    }
  }

  private void writePng(Path file) throws IOException {
    BufferedImage image =
        new BufferedImage(
            (int) (PIXELS * width()), (int) (PIXELS * height()), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(PIXELS, PIXELS);
    paint(graphics);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    AtomicFile.write(
        file, channel -> AtomicFile.writeFully(channel, ByteBuffer.wrap(bytes.toByteArray())));
  }

  private void paint(Graphics2D graphics) {
    graphics.setColor(Color.WHITE); // the last row may have fewer panels
    graphics.fillRect(0, 0, width(), height());
    AffineTransform origin = graphics.getTransform();
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < rows.get(row).size(); column++) {
        graphics.translate(column * PANEL_WIDTH, row * PANEL_HEIGHT);
        rows.get(row).get(column).paint(graphics, PANEL_WIDTH, PANEL_HEIGHT);
        graphics.setTransform(origin);
      }
    }
  }

  private int width() {
    return rows.get(0).size() * PANEL_WIDTH;
  }

  private int height() {
    return rows.size() * PANEL_HEIGHT;
  }
}
