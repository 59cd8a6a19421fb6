package io.github.tralign.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.Resources;
import io.github.tralign.file.AtomicFile;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A page of HTML that holds all that it needs: style, script, data, and the library that draws. */
final class Page {

  private static final String FOLDER = "io/github/tralign/report/";
  private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String template;
  private final Map<String, Object> values = new LinkedHashMap<>();

  Page(String template) {
    this.template = template;
  }

  /** A value of the template, which shows every text escaped. */
  Page with(String name, Object value) {
    values.put(name, value);
    return this;
  }

  Page withCharts(List<Chart> charts) {
    return with("charts", charts).with("data", json(charts));
  }

  /** The file is complete or as it was before. */
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
            .build();
    with("style", text(FOLDER + "page.css"));
    with("script", text(FOLDER + "page.js"));
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

  /** For an element of script, which ends at a tag even within a string. */
  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
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
