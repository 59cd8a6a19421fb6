package io.github.tralign.cli;

import ai.djl.engine.Engine;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.github.tralign.data.TokenizationSettings;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.file.Reason;
import io.github.tralign.report.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Where a run came from: versions, machine, data and weights by their hashes. */
final class Provenance {

  /** When a run was started. */
  static final String STARTED = "started";

  private static final Set<String> CONFIGS = Set.of("config.json", "adapter_config.json");

  private Provenance() {}

  /** What goes below {@code provenance} in {@code config.yaml}. */
  static Map<String, Object> of(
      Settings settings,
      DjlPolicy policy,
      Map<String, String> weights,
      TokenizationSettings tokenization,
      RunData data) {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put(STARTED, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    data.fingerprint()
        .ifPresent(it -> provenance.put("fingerprint", fingerprint(settings, weights, it)));
    provenance.put("versions", versions());
    provenance.put("system", Machine.operatingSystem());
    provenance.put("processor", Machine.processor());
    provenance.put("parameters", policy.model().parameterCount());
    provenance.put("policy-sha256", weights);
    provenance.putAll(data.provenance());
    provenance.put("tokenization", tokenization(tokenization));
    return provenance;
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("tralign", Machine.version());
    versions.put("djl", Engine.getDjlVersion());
    versions.put("pytorch", Engine.getEngine("PyTorch").getVersion());
    versions.put("java", System.getProperty("java.runtime.version"));
    return versions;
  }

  private static Map<String, Object> tokenization(TokenizationSettings settings) {
    Map<String, Object> tokenization = new LinkedHashMap<>();
    tokenization.put("tokenizer-begins-texts", settings.beginsTexts());
    tokenization.put("tokenizer-ends-texts", settings.endsTexts());
    tokenization.put("end-of-sequence", settings.endOfSequence());
    settings.chatTemplate().ifPresent(hash -> tokenization.put("chat-template", hash));
    return tokenization;
  }

  /** Equal for runs that learn the same: settings, tokens and initial weights. */
  private static String fingerprint(Settings settings, Map<String, String> weights, String data) {
    String all = List.of(settings.decisive(), weights, data).toString();
    return Hashing.sha256().hashString(all, StandardCharsets.UTF_8).toString();
  }

  /** SHA-256 of the files that a model or an adapter is made of, by name. */
  static Map<String, String> weights(Path folder) {
    return ofFiles(folder, Provenance::sha256);
  }

  /** What tells without reading them whether these files have changed: sizes and times. */
  static Map<String, String> stamps(Path folder) {
    return ofFiles(folder, file -> Files.size(file) + " " + Files.getLastModifiedTime(file));
  }

  private interface FileProperty {
    String of(Path file) throws IOException;
  }

  private static Map<String, String> ofFiles(Path folder, FileProperty property) {
    Map<String, String> properties = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (CONFIGS.contains(name) || name.endsWith(".safetensors")) {
          properties.put(name, property.of(file));
        }
      }
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** SHA-256 of a file's bytes, in hex. */
  static String sha256(Path file) {
    try {
      return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
