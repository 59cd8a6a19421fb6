package io.github.tralign.djl.chat.jinja;

import io.github.tralign.djl.chat.jinja.Functions.Callable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template. Safe for use by several threads.
 *
 * <p>It renders the same text as jinja2 with transformers' settings: {@code trim_blocks}, {@code
 * lstrip_blocks} and loop controls. Templates may be hostile: their work, memory and nesting are
 * bounded, in proportion to their input.
 */
public final class JinjaTemplate {

  /** Longest template, in characters; those of real models have up to about 30,000. */
  private static final int MAX_SOURCE = 500_000;

  private final Statement root;

  private JinjaTemplate(Statement root) {
    this.root = root;
  }

  /**
   * Parses a template.
   *
   * @throws JinjaException if it is invalid, or uses a feature that is not supported
   */
  public static JinjaTemplate of(String template) {
    if (template.length() > MAX_SOURCE) {
      throw new JinjaException("it has more than " + MAX_SOURCE + " characters").at(1);
    }
    try {
      return new JinjaTemplate(TemplateParser.parse(template));
    } catch (StackOverflowError e) {
      throw new JinjaException("it is nested too deeply");
    }
  }

  /**
   * Renders the template.
   *
   * @param variables by name: strings, numbers, booleans, {@code null}, and lists and maps of these
   * @param functions functions that the template may call, by name
   * @throws JinjaException if the template raises an error, fails, or exceeds a limit
   */
  public String render(
      Map<String, ? extends @Nullable Object> variables, Map<String, TextFunction> functions) {
    return render(variables, functions, new Budget());
  }

  String render(
      Map<String, ? extends @Nullable Object> variables,
      Map<String, TextFunction> functions,
      Budget budget) {
    Map<String, Object> all = new HashMap<>();
    variables.forEach((name, value) -> all.put(name, Python.fromJava(value, budget)));
    functions.forEach((name, function) -> all.put(name, callable(name, function)));
    try {
      Frame frame = Frame.of(all, budget);
      root.run(frame);
      return frame.output();
    } catch (StackOverflowError e) { // the nesting limits assume stacks of at least 512 KiB
      throw new JinjaException("it is nested too deeply for the stack of this thread");
    }
  }

  private static Callable callable(String name, TextFunction function) {
    return (arguments, frame) -> {
      String format = arguments.checked(name, "format").text(0, "format");
      frame.budget().chargeItems(format.length());
      return function.apply(format);
    };
  }

  /** A function from a string to a string that a template may call. */
  @FunctionalInterface
  public interface TextFunction {
    /** The result for {@code text}. */
    String apply(String text);
  }
}
