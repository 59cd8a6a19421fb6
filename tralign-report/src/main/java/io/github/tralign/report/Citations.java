package io.github.tralign.report;

/** What a model card asks its readers to cite, in BibTeX. */
final class Citations {

  static final String HOME = "https://github.com/tralign/tralign";

  /** The method of a moving reference. */
  static final String METHOD =
      """
      @misc{gorbatovski2024learn,
        title = {Learn Your Reference Model for Real Good Alignment},
        author = {Gorbatovski, Alexey and others},
        year = {2024},
        eprint = {2404.09656},
        archivePrefix = {arXiv}
      }
      """;

  static final String LIBRARY =
      "@software{tralign,\n  title = {tralign: offline preference alignment in Java},\n  url = {"
          + HOME
          + "}\n}\n";

  private Citations() {}
}
