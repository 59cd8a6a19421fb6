package io.github.tralign.data;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
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
 * Reads rows as {@link PreferenceData}; made by {@link PreferenceData#read}.
 *
 * <p>The end-of-sequence token is appended to each completion that does not end with it. The prompt
 * of an example is the longest common prefix of the tokens of the prompt and of the prompt with
 * each completion. Rows that leave nothing to learn are left out and counted in the report. The
 * settings may come in any order; they apply to what is read afterwards.
 *
 * <p>Rows are read on the caller's thread and tokenized on another one, which has ended when a
 * method returns or throws; that of a {@link #stream} when the training does. If the caller's
 * thread is interrupted, reading ends with an exception.
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
   * Cuts each completion at its end so that the prompt with it has at most {@code tokens} tokens. A
   * row whose prompt alone has so many is dropped and counted. Not limited by default.
   *
   * @param tokens at least 2
   */
  public PreferenceReader maxLength(int tokens) {
    lengths = lengths.total(tokens);
    return this;
  }

  /**
   * Cuts each prompt to at most {@code tokens} tokens, by {@link #truncation} its last ones; done
   * before {@link #maxLength} is looked at. Not limited by default.
   *
   * @param tokens at least 1
   */
  public PreferenceReader maxPromptLength(int tokens) {
    lengths = lengths.prompt(tokens);
    return this;
  }

  /**
   * Cuts each completion at its end to at most {@code tokens} tokens. Not limited by default.
   *
   * @param tokens at least 1
   */
  public PreferenceReader maxCompletionLength(int tokens) {
    lengths = lengths.completion(tokens);
    return this;
  }

  /**
   * What becomes of rows that are longer than they may be. {@link Truncation#KEEP_END} by default.
   */
  public PreferenceReader truncation(Truncation rule) {
    requireNonNull(rule, "rule");
    lengths = lengths.truncation(rule);
    return this;
  }

  /**
   * Whether the end-of-sequence token is put before a row of which no token stands before the
   * completions: one without a prompt, with a tokenizer that puts no token before a text. Such a
   * row is dropped otherwise, since nothing predicts the first token of its completions. For models
   * that were trained on texts with this token between them, such as Pythia. False by default.
   */
  public PreferenceReader beginWithEndOfSequence(boolean begin) {
    beginWithEndOfSequence = begin;
    return this;
  }

  /**
   * Keeps the tokens of files in a folder, and takes them from there when the same bytes are read
   * with the same tokenizer, template and settings again. None by default.
   *
   * @param folder is created if it is not there; files that nobody needs may be deleted at any time
   */
  public PreferenceReader cache(CacheFolder folder) {
    requireNonNull(folder, "folder");
    cache = Optional.of(new TokenCache(folder));
    return this;
  }

  /**
   * How conversations are written as text; without it, data that holds conversations is refused.
   */
  public PreferenceReader template(ChatTemplate chatTemplate) {
    requireNonNull(chatTemplate, "chatTemplate");
    template = Optional.of(chatTemplate);
    return this;
  }

  /**
   * Whether faulty rows are left out and counted, by reason, instead of being an error. A file that
   * cannot be read to its end is an error in any case. False by default.
   */
  public PreferenceReader skipInvalid(boolean skip) {
    skipInvalid = skip;
    return this;
  }

  /**
   * Stops after so many examples, the first ones of the files; dropped rows do not count. Not
   * limited by default.
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
   * Tells {@code listener} now and then how many rows have been read, for a progress display; of a
   * {@link #stream} in each pass.
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
   * Reads files, one after the other, as if they were one.
   *
   * @param paths at least one
   * @throws InvalidInputException if a file or a row is invalid, or no row can be used
   */
  public PreferenceData files(List<Path> paths) {
    requireNonNull(paths, "paths");
    return files(DataFiles.of(paths));
  }

  /**
   * Tells {@code listener} a file of a {@link #stream} and the name of a column that is not read,
   * as soon as a row has something there: once in each pass, in the thread that takes the rows.
   */
  public PreferenceReader onUnreadColumn(BiConsumer<String, String> listener) {
    requireNonNull(listener, "listener");
    unreadColumns = listener;
    return this;
  }

  /**
   * Reads files. All must be there, even one that a limit leaves unread.
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
      if (!examples.isEmpty() && key(files).hex().equals(key.hex())) { // the files stood still
        tokens.write(key, examples, tally);
      }
    }
    progress.accept(tally.rows());
    return result(examples, tally);
  }

  /** All that the examples are made of: bytes, names, tokenizer, template and settings. */
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
                what + " has no fingerprint, so what it makes cannot be cached"));
  }

  /**
   * Takes rows that were made in memory.
   *
   * @throws InvalidInputException if no row can be used
   */
  public PreferenceData rows(Iterable<? extends Row> rows) {
    requireNonNull(rows, "rows");
    return read(faults -> RowReader.of(rows.iterator()));
  }

  /**
   * Takes records that were made in memory, in any of the forms of data files.
   *
   * @param records maps of texts, numbers, truth values, lists and maps
   * @throws InvalidInputException if a record is invalid, or none can be used
   */
  public PreferenceData records(Iterable<? extends Map<String, ?>> records, FormSettings settings) {
    requireNonNull(records, "records");
    requireNonNull(settings, "settings");
    return read(faults -> DataFiles.ofMaps(records, settings, faults));
  }

  /**
   * Reads one file, or the files of a folder, while they are trained on.
   *
   * @throws InvalidInputException if a file cannot be opened
   */
  public PreferenceStream stream(Path path) {
    requireNonNull(path, "path");
    return stream(DataFiles.of(List.of(path)));
  }

  /**
   * Reads files while they are trained on. What is invalid in them is reported when it is reached,
   * rows on their way to the tokenizer included.
   *
   * @throws InvalidInputException if a file cannot be opened
   * @throws IllegalStateException if there is a {@link #cache}, which keeps files as a whole
   */
  public PreferenceStream stream(DataFiles files) {
    requireNonNull(files, "files");
    if (cache.isPresent()) {
      throw new IllegalStateException(
          "a cache keeps the tokens of whole files, which a stream does not have: leave out"
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

  /** Later calls on this reader do not change it. */
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

  /** What was found out about tokenizer and template, for the record of a run. */
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

  /** Begins to read rows, which are opened for somebody who takes their faults. */
  private TokenizedRows open(Function<Consumer<RowFault>, RowReader> rows, Tally tally) {
    Consumer<RowFault> faults =
        fault -> {
          if (fault.reason().isFault() && !skipInvalid) {
            throw new InvalidInputException(fault.message());
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
