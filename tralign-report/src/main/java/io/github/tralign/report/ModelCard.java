package io.github.tralign.report;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.file.AtomicFile;
import io.github.tralign.file.Reason;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The model card of a trained model: {@code README.md} of its folder, with the metadata that the
 * Hugging Face Hub reads.
 *
 * <pre>{@code
 * ModelCard.titled("SmolLM2-135M-Instruct-TR-DPO")
 *     .base(Path.of("SmolLM2-135M-Instruct"))
 *     .baseModel("HuggingFaceTB/SmolLM2-135M-Instruct")
 *     .method("dpo", TR.soft(0.6))
 *     .section("Settings", Map.of("beta", "0.05", "steps", "1000"))
 *     .heldOut(result.last())
 *     .write(folder);
 * }</pre>
 *
 * <p>The same calls give the same bytes.
 */
public final class ModelCard {

  /** The name of the file. */
  public static final String FILE = "README.md";

  /** Where a card is written if the one that is there was edited. */
  public static final String BESIDE = "README.new.md";

  private static final String TAG = "tralign";
  private static final String HUB = "https://huggingface.co/";
  private static final String BASE_MODEL = "base_model";
  private static final String DATASETS = "datasets";
  private static final String TAGS = "tags";
  private static final String LIBRARY = "library_name";
  private static final String PEFT = "peft";

  /** A name on the hub; any other text could break the link to it. */
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*(/\\w[\\w.-]*)?");

  /** A tag of the hub: a word or several. */
  private static final Pattern TAG_FORM = Pattern.compile("[\\w.:/+-][\\w.:/+ ,=()\\[\\]-]{0,99}");

  private final String title;
  private final ObjectNode base = JsonNodeFactory.instance.objectNode();
  private final Set<String> datasets = new LinkedHashSet<>();
  private final Set<String> tags = new LinkedHashSet<>(List.of(TAG));
  private final StringBuilder sections = new StringBuilder();
  private String baseModel = "";
  private String library = "transformers";
  private String method = "";
  private String citation = Citations.LIBRARY;
  private String baseText = "";

  private ModelCard(String title) {
    this.title = title;
  }

  /** A card with nothing but a title. */
  public static ModelCard titled(String title) {
    return new ModelCard(requireNonNull(title, "title"));
  }

  /**
   * Sets the folder of the base model, or of an adapter that was merged into it. If it has a card,
   * this one gets its license, language and kind of task, as far as they have the hub's form, and
   * its text as a section. If this library wrote that card, the folder is a step on the way from
   * another base: then also its base model, data sets and tags.
   */
  public ModelCard base(Path folder) {
    CardText.read(requireNonNull(folder, "folder"))
        .ifPresent(
            card -> {
              inherit(card.metadata());
              String of =
                  card.metadata().path(LIBRARY).asText().equals(PEFT) ? "adapter" : "base model";
              baseText =
                  "\n## Card of the " + of + "\n\n" + DemotedMarkdown.of(card.markdown()) + "\n";
            });
    return this;
  }

  private void inherit(ObjectNode metadata) {
    base.removeAll();
    base.setAll(InheritedMetadata.of(metadata));
    if (texts(metadata.path(TAGS), TAG_FORM).contains(TAG)) {
      JsonNode name = metadata.path(BASE_MODEL);
      if (baseModel.isEmpty() && name.isTextual() && NAME.matcher(name.textValue()).matches()) {
        baseModel = name.textValue(); // unless somebody has edited it
      }
      datasets.addAll(texts(metadata.path(DATASETS), NAME));
      tags.addAll(texts(metadata.path(TAGS), TAG_FORM));
    }
  }

  /** The texts of a form; others are left out. */
  private static Set<String> texts(JsonNode list, Pattern form) {
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode it : list) {
      if (it.isTextual() && form.matcher(it.textValue()).matches()) {
        texts.add(it.textValue());
      }
    }
    return texts;
  }

  /**
   * Sets the base model's name on the hub.
   *
   * @param name {@code owner/name}
   * @throws IllegalArgumentException if it is of another form
   */
  public ModelCard baseModel(String name) {
    baseModel = requireName(name);
    return this;
  }

  /**
   * Adds the name of a data set on the hub.
   *
   * @param name {@code owner/name}
   * @throws IllegalArgumentException if it is of another form
   */
  public ModelCard dataset(String name) {
    datasets.add(requireName(name));
    return this;
  }

  private static String requireName(String name) {
    if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name on the hub; expected owner/name");
    }
    return name;
  }

  /** Says that the folder holds a LoRA adapter for PEFT instead of a model. */
  public ModelCard adapter() {
    library = PEFT;
    tags.add("lora");
    return this;
  }

  /**
   * Sets what the model was trained with.
   *
   * @param loss name of the loss, such as {@code dpo}
   * @param reference how the reference moved; {@link FixedReference} for losses without one
   */
  public ModelCard method(String loss, ReferencePolicy reference) {
    String name = methodName(loss, reference);
    tags.add(Shown.text(loss));
    tags.add(Shown.text(name.toLowerCase(Locale.ROOT)));
    method =
        loss.equals("sft")
            ? "fine-tuned on completions (" + name + ")"
            : "aligned with preferences by " + Markdown.text(name);
    if (moves(reference)) {
      method +=
          ", whose reference model moves during training: " + Markdown.code(reference.toString());
      citation = Citations.METHOD + "\n" + Citations.LIBRARY;
    }
    return this;
  }

  /** The usual name of a method, such as {@code TR-DPO} where the reference moves. */
  public static String methodName(String loss, ReferencePolicy reference) {
    return ((moves(requireNonNull(reference, "reference")) ? "tr-" : "")
            + requireNonNull(loss, "loss"))
        .toUpperCase(Locale.ROOT);
  }

  private static boolean moves(ReferencePolicy reference) {
    return !(reference instanceof FixedReference);
  }

  /** Adds a section with a table; none if there are no rows. */
  public ModelCard section(String heading, Map<String, String> rows) {
    requireNonNull(heading, "heading");
    if (!requireNonNull(rows, "rows").isEmpty()) {
      sections.append("\n## ").append(Markdown.text(heading)).append("\n\n| | |\n| --- | --- |\n");
      rows.forEach((name, value) -> sections.append(row(name, value)));
    }
    return this;
  }

  private static String row(String name, String value) {
    return "| " + Markdown.text(name) + " | " + Markdown.text(value) + " |\n";
  }

  /**
   * Adds a section with the metrics of an evaluation: those whose names begin with {@code eval_} or
   * {@code kl/}.
   */
  public ModelCard heldOut(StepMetrics metrics) {
    Map<String, String> rows = new LinkedHashMap<>();
    metrics
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith("eval_") || name.startsWith("kl/")) {
                rows.put(name, RunReport.number(value));
              }
            });
    return section("Held-out metrics after step " + metrics.step(), rows);
  }

  /** The text of the card. */
  public String render() {
    return new CardText(metadata(), markdown()).render();
  }

  private ObjectNode metadata() {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    if (!baseModel.isEmpty()) {
      metadata.put(BASE_MODEL, baseModel);
    }
    put(metadata, DATASETS, datasets);
    metadata.put(LIBRARY, library).put("pipeline_tag", "text-generation");
    metadata.setAll(base);
    put(metadata, TAGS, tags);
    return metadata;
  }

  private static void put(ObjectNode metadata, String key, Set<String> values) {
    if (!values.isEmpty()) {
      ArrayNode list = metadata.putArray(key);
      values.forEach(list::add);
    }
  }

  private String markdown() {
    String from = baseModel.isEmpty() ? "" : "[" + baseModel + "](" + HUB + baseModel + ")";
    String what = library.equals(PEFT) ? "A LoRA adapter" : "A model";
    String made = method.isEmpty() ? "" : ", " + method;
    return "# "
        + Markdown.text(title)
        + "\n\n"
        + what
        + (from.isEmpty() ? "" : library.equals(PEFT) ? " for " + from : " from " + from)
        + made
        + ". Trained with [tralign]("
        + Citations.HOME
        + ").\n"
        + sections
        + "\n## Citation\n\n```bibtex\n"
        + citation
        + "```\n"
        + baseText;
  }

  /**
   * Writes the card into a folder that exists. A card that is there is replaced if this library
   * wrote it and nobody has edited it since. Any other stays, and the new one is written as {@link
   * #BESIDE}.
   *
   * @return the file that was written
   * @throws UncheckedIOException if it cannot be written
   */
  public Path write(Path folder) {
    Path file = requireNonNull(folder, "folder").resolve(FILE);
    Path written = mayReplace(file) ? file : folder.resolve(BESIDE);
    AtomicFile.writeString(written, render());
    return written;
  }

  private static boolean mayReplace(Path file) {
    try {
      return !Files.exists(file) || CardText.isUnchanged(Files.readString(file));
    } catch (CharacterCodingException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
