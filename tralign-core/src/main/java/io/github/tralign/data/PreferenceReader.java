package io.github.tralign.data;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.github.tralign.InvalidDataException;
import io.github.tralign.InvalidInputException;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.cache.CacheFolder;
import io.github.tralign.cache.CacheKey;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.FormSettings;
import io.github.tralign.data.form.RowReader;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Reads rows as {@link PreferenceData}; created by {@link PreferenceData#read}.
 *
 * <p>The end-of-sequence token is appended to each completion that does not end with it. The prompt
 * of an example is the longest common prefix of the tokens of the prompt and of the prompt with
 * each completion. Rows that leave nothing to learn are dropped and counted in the report. The
 * settings may be given in any order; they apply to what is read afterwards.
 *
 * <p>Rows are read on the caller's thread and tokenized on another one. That thread ends before a
 * method returns or throws; for a {@link #stream}, when training ends. If the caller's thread is
 * interrupted, reading ends with an exception.
 */
public final class PreferenceReader {

  private final Tokenizer tokenizer;
  private LengthLimits lengths = LengthLimits.NONE;
  private Optional<ChatTemplate> template = Optional.empty();
  private Optional<TokenCache> cache = Optional.empty();
  private boolean beginWithEndOfSequence;
  private boolean skipInvalid;
  private int limit = Integer.MAX_VALUE;
  private LongConsumer progress = rows -> {};
  private BiConsumer<String, String> unreadColumns = (file, column) -> {};

  PreferenceReader(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Truncates each completion so that prompt and completion together have at most {@code tokens}
   * tokens. A row whose prompt alone has that many is dropped and counted. Not limited by default.
   *
   * @param tokens at least 2
   */
  public PreferenceReader maxLength(int tokens) {
    lengths = lengths.total(tokens);
    return this;
  }

  /**
   * Truncates each prompt to at most {@code tokens} tokens, as {@link #truncation} says, before
   * {@link #maxLength} is applied. Not limited by default.
   *
   * @param tokens at least 1
   */
  public PreferenceReader maxPromptLength(int tokens) {
    lengths = lengths.prompt(tokens);
    return this;
  }

  /**
   * Truncates each completion to at most {@code tokens} tokens. Not limited by default.
   *
   * @param tokens at least 1
   */
  public PreferenceReader maxCompletionLength(int tokens) {
    lengths = lengths.completion(tokens);
    return this;
  }

  /** How rows that are too long are truncated. {@link Truncation#KEEP_END} by default. */
  public PreferenceReader truncation(Truncation rule) {
    requireNonNull(rule, "rule");
    lengths = lengths.truncation(rule);
    return this;
  }

  /**
   * Whether a row without any token before its completions begins with the end-of-sequence token: a
   * row without a prompt, if the tokenizer puts no token before a text. Without this setting a pair
   * of this kind is dropped, since there is nothing to predict its first tokens from. Intended for
   * models that were trained on texts separated by this token, such as Pythia. False by default.
   */
  public PreferenceReader beginWithEndOfSequence(boolean begin) {
    beginWithEndOfSequence = begin;
    return this;
  }

  /**
   * Caches the tokens of files in a folder, and reads them from there when the same bytes are read
   * again with the same tokenizer, template and settings. No cache by default.
   *
   * @param folder is created if it does not exist; its files may be deleted at any time
   */
  public PreferenceReader cache(CacheFolder folder) {
    requireNonNull(folder, "folder");
    cache = Optional.of(new TokenCache(folder));
    return this;
  }

  /**
   * The chat template that renders conversations as text; without it, conversations are rejected.
   */
  public PreferenceReader template(ChatTemplate chatTemplate) {
    requireNonNull(chatTemplate, "chatTemplate");
    template = Optional.of(chatTemplate);
    return this;
  }

  /**
   * Whether invalid rows are skipped and counted by reason instead of causing an error. A file that
   * cannot be read to its end is always an error. False by default.
   */
  public PreferenceReader skipInvalid(boolean skip) {
    skipInvalid = skip;
    return this;
  }

  /**
   * Stops after this many examples; dropped rows do not count. Not limited by default.
   *
   * @param examples at least 1
   */
  public PreferenceReader limit(int examples) {
    InvalidSettingException.require(
        examples >= 1, "limit", "the limit must be at least 1 example, not " + examples);
    limit = examples;
    return this;
  }

  /**
   * Reports the number of rows read so far to {@code listener} from time to time, for a progress
   * display; for a {@link #stream}, in each pass.
   */
  public PreferenceReader onProgress(LongConsumer listener) {
    requireNonNull(listener, "listener");
    progress = listener;
    return this;
  }

  /**
   * Reads one file, or the files of a folder.
   *
   * @throws InvalidInputException if the file or a row is invalid, or no row can be used
   */
  public PreferenceData file(Path path) {
    requireNonNull(path, "path");
    return files(List.of(path));
  }

  /**
   * Reads files one after the other, as if they were one file.
   *
   * @param paths at least one
   * @throws InvalidInputException if a file or a row is invalid, or no row can be used
   */
  public PreferenceData files(List<Path> paths) {
    requireNonNull(paths, "paths");
    return files(DataFiles.of(paths));
  }

  /**
   * Reports to {@code listener} a file of a {@link #stream} and the name of a column that is not
   * read, as soon as a row has a value there: once in each pass, in the thread that takes the rows.
   */
  public PreferenceReader onUnreadColumn(BiConsumer<String, String> listener) {
    requireNonNull(listener, "listener");
    unreadColumns = listener;
    return this;
  }

  /**
   * Reads files. All of them must exist, even if a limit leaves some unread.
   *
   * @throws InvalidInputException if a file or a row is invalid, or no row can be used
   */
  public PreferenceData files(DataFiles files) {
    requireNonNull(files, "files");
    files.check();
    return cache.map(it -> cached(files, it)).orElseGet(() -> read(files::open));
  }

  private PreferenceData cached(DataFiles files, TokenCache tokens) {
    CacheKey key = key(files);
    Tally tally = new Tally();
    List<Example> examples = tokens.read(key, tally);
    if (examples.isEmpty()) {
      tally = new Tally();
      examples = read(files::open, tally);
      if (!examples.isEmpty()
          && key(files).hex().equals(key.hex())) { // the files did not change meanwhile
        tokens.write(key, examples, tally);
      }
    }
    progress.accept(tally.rows());
    return result(examples, tally);
  }

  /** Everything the examples depend on: bytes, names, tokenizer, template and settings. */
  private CacheKey key(DataFiles files) {
    CacheKey key = TokenCache.key();
    key.with("tokenizer", fingerprint(tokenizer.fingerprint(), "the tokenizer"));
    key.with("template", template.map(it -> fingerprint(it.fingerprint(), "the chat template")));
    key.with("begin with end", beginWithEndOfSequence);
    key.with("limits", lengths).with("skip invalid", skipInvalid).with("limit", limit);
    key.with("paths", files.paths()).with("weights", files.weights());
    FormSettings settings = files.settings();
    key.with("form", Optional.ofNullable(settings.form()));
    key.with("turns", Optional.ofNullable(settings.turns()));
    key.with("pairs", Optional.ofNullable(settings.pairs())).with("seed", settings.seed());
    settings.columns().forEach((name, column) -> key.with("column", name).with("is", column));
    settings.roles().forEach((name, role) -> key.with("role of", name).with("is", role));
    key.with("ignored", settings.ignored());
    for (Path file : files.expanded()) {
      key.with("file", file).with("sha256", sha256(file));
    }
    return key;
  }

  private static String sha256(Path path) {
    try {
      return MoreFiles.asByteSource(path).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static String fingerprint(Optional<String> fingerprint, String what) {
    return fingerprint.orElseThrow(
        () ->
            new IllegalStateException(
                what + " has no fingerprint, so its output cannot be cached"));
  }

  /**
   * Takes rows from memory.
   *
   * @throws InvalidInputException if no row can be used
   */
  public PreferenceData rows(Iterable<? extends Row> rows) {
    requireNonNull(rows, "rows");
    return read(faults -> RowReader.of(rows.iterator()));
  }

  /**
   * Takes records from memory, in any of the forms of data files.
   *
   * @param records maps of texts, numbers, booleans, lists and maps
   * @throws InvalidInputException if a record is invalid, or none can be used
   */
  public PreferenceData records(Iterable<? extends Map<String, ?>> records, FormSettings settings) {
    requireNonNull(records, "records");
    requireNonNull(settings, "settings");
    return read(faults -> DataFiles.ofMaps(records, settings, faults));
  }

  /**
   * Reads one file, or the files of a folder, during training.
   *
   * @throws InvalidInputException if a file cannot be opened
   */
  public PreferenceStream stream(Path path) {
    requireNonNull(path, "path");
    return stream(DataFiles.of(List.of(path)));
  }

  /**
   * Reads files during training. Invalid rows are reported when they are read.
   *
   * @throws InvalidInputException if a file cannot be opened
   * @throws IllegalStateException if a {@link #cache} is set, which stores whole files
   */
  public PreferenceStream stream(DataFiles files) {
    requireNonNull(files, "files");
    if (cache.isPresent()) {
      throw new IllegalStateException(
          "a cache stores the tokens of whole files and cannot be used with a stream: leave out"
              + " cache(...), or read them by files(...)");
    }
    files.check();
    PreferenceReader reader = copy();
    return PreferenceStream.from(
        tally -> {
          TokenizedRows examples =
              reader.open(faults -> files.open(faults, reader.unreadColumns), tally);
          return new ExamplePass(examples, examples::close);
        },
        lengths.total());
  }

  /** A copy that later calls on this reader do not change. */
  private PreferenceReader copy() {
    PreferenceReader copy = new PreferenceReader(tokenizer);
    copy.lengths = lengths;
    copy.template = template;
    copy.beginWithEndOfSequence = beginWithEndOfSequence;
    copy.skipInvalid = skipInvalid;
    copy.limit = limit;
    copy.progress = progress;
    copy.unreadColumns = unreadColumns;
    return copy;
  }

  /** Properties of tokenizer and template that affect the result, for the record of a run. */
  public TokenizationSettings tokenization() {
    return TokenizationSettings.of(tokenizer, template);
  }

  private PreferenceData read(Function<Consumer<RowFault>, RowReader> rows) {
    Tally tally = new Tally();
    return result(read(rows, tally), tally);
  }

  private List<Example> read(Function<Consumer<RowFault>, RowReader> rows, Tally tally) {
    try (TokenizedRows examples = open(rows, tally)) {
      return ImmutableList.copyOf(examples);
    }
  }

  /** Opens rows; their faults go to a consumer. */
  private TokenizedRows open(Function<Consumer<RowFault>, RowReader> rows, Tally tally) {
    Consumer<RowFault> faults =
        fault -> {
          if (fault.reason().isFault() && !skipInvalid) {
            throw new InvalidDataException(fault.message());
          }
          tally.dropped(fault.reason(), fault.origin());
        };
    return new RowTokenizer(tokenizer, template, lengths, beginWithEndOfSequence, tally, faults)
        .tokenize(rows.apply(faults), limit, progress);
  }

  private PreferenceData result(List<Example> examples, Tally tally) {
    DataReport report = tally.report();
    if (examples.isEmpty()) {
      throw new InvalidInputException("no row can be used:\n" + report);
    }
    return new PreferenceData(ImmutableList.copyOf(examples), report, lengths.total());
  }
}
