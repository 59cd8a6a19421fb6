package io.github.tralign.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.io.Resources;
import io.github.tralign.file.AtomicFile;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A self-contained HTML page, including style, script, data and the chart library. */
final class Page {

  private static final String FOLDER = "io/github/tralign/report/";
  private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/";
  private static final ImmutableList<String> SCRIPTS =
      ImmutableList.of("data", "style", "smoothing", "legend", "plot", "board", "export", "keys");
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new SimpleModule().addSerializer(String.class, new ShownText()));

  private final String template;
  private final Map<String, Object> values = new LinkedHashMap<>();

  Page(String template) {
    this.template = template;
  }

  /** Sets a variable of the template, which escapes every text. */
  Page with(String name, Object value) {
    values.put(name, value);
    return this;
  }

  /**
   * Adds the charts.
   *
   * @param linked whether each chart has one line per run, in the runs' order
   * @param runs tokens and seconds of each run, by step
   */
  Page withCharts(
      ImmutableListMultimap<ChartGroup, Chart> charts, boolean linked, List<Clock> runs) {
    Drawings drawings = Drawings.of(charts, linked, runs);
    return with("groups", drawings.groups()).with("data", json(drawings.data()));
  }

  /** Writes the page atomically. */
  void write(Path file) {
    AtomicFile.writeString(file, render());
  }

  String render() {
    ClasspathLoader loader = new ClasspathLoader(Page.class.getClassLoader());
    loader.setPrefix(FOLDER);
    PebbleEngine engine =
        new PebbleEngine.Builder()
            .loader(loader)
            .strictVariables(true)
            .defaultLocale(Locale.ROOT)
            .addEscapingStrategy("shown", Shown::html)
            .defaultEscapingStrategy("shown")
            .extension(new Names())
            .build();
    with("style", text(FOLDER + "page.css"));
    with(
        "script",
        SCRIPTS.stream()
            .map(it -> text(FOLDER + "script/" + it + ".js"))
            .collect(Collectors.joining("\n")));
    with("uplot", text(UPLOT + "dist/uPlot.iife.min.js"));
    with("uplotStyle", text(UPLOT + "dist/uPlot.min.css"));
    with("uplotLicence", text(UPLOT + "LICENSE"));
    StringWriter out = new StringWriter();
    try {
      engine.getTemplate(template).evaluate(out, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** JSON for a script element, which would end at a closing tag even inside a string. */
  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The filter {@code name}: lines of a name break after separators only. */
  private static final class Names extends AbstractExtension implements Filter {

    @Override
    public Map<String, Filter> getFilters() {
      return Map.of("name", this);
    }

    @Override
    public @Nullable List<String> getArgumentNames() {
      return null;
    }

    @Override
    public Object apply(
        Object input,
        Map<String, Object> arguments,
        PebbleTemplate self,
        EvaluationContext context,
        int line) {
      return new SafeString(Shown.name(input.toString()));
    }
  }

  private static final class ShownText extends StdScalarSerializer<String> {

    private static final long serialVersionUID = 1;

    ShownText() {
      super(String.class);
    }

    @Override
    public void serialize(String text, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(Shown.text(text));
    }
  }

  private static String text(String resource) {
    try {
      return Resources.toString(Resources.getResource(resource), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
