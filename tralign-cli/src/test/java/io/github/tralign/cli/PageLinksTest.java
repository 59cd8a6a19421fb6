package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each link on the pages leads somewhere, on GitHub and on the site. */
class PageLinksTest {

  private static final Path SITE = Pages.ROOT.resolve("zensical.toml");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} (.*)");
  private static final Pattern IN_REPOSITORY =
      Pattern.compile("https://github.com/tralign/tralign/(?:blob|tree)/main/([^#]+)");

  @Test
  void every_link_leads_to_a_file_and_a_heading() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path page : Pages.all()) {
      Matcher links = LINK.matcher(text(page));
      while (links.find()) {
        if (!leadsSomewhere(page, links.group(1))) {
          faults.add(page + ": " + links.group(1));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /** What is outside of docs is not on the site: its address is that on GitHub. */
  @Test
  void a_page_of_the_site_links_to_pages_of_the_site_only() {
    for (Path page : Pages.all()) {
      if (page.startsWith(Pages.DOCS)) {
        Matcher links = LINK.matcher(text(page));
        while (links.find()) {
          String file = links.group(1).replaceFirst("#.*", "");
          if (!file.contains(":")) {
            assertThat(page.resolveSibling(file).normalize().toAbsolutePath())
                .as(page + ": " + links.group(1))
                .startsWith(Pages.DOCS.normalize().toAbsolutePath());
          }
        }
      }
    }
  }

  @Test
  void the_site_lists_every_page_once() throws IOException {
    Multiset<String> listed = HashMultiset.create();
    Matcher entries = Pattern.compile("\"([\\w/-]+\\.md)\"").matcher(Files.readString(SITE));
    while (entries.find()) {
      listed.add(entries.group(1));
    }
    Set<String> pages = new HashSet<>();
    for (Path page : Pages.all()) {
      if (page.startsWith(Pages.DOCS)) {
        pages.add(Pages.DOCS.relativize(page).toString().replace('\\', '/'));
      }
    }
    assertThat(listed).containsExactlyInAnyOrderElementsOf(pages);
  }

  private static boolean leadsSomewhere(Path page, String target) throws IOException {
    Matcher own = IN_REPOSITORY.matcher(target);
    if (own.lookingAt()) {
      return Files.exists(Pages.ROOT.resolve(own.group(1)));
    }
    if (target.matches("(https?|mailto):.*")) {
      return true; // the network is not asked
    }
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
  }

  /** The page without its blocks, whose brackets are not links. */
  private static String text(Path page) {
    StringBuilder text = new StringBuilder();
    boolean inBlock = false;
    for (String line : Pages.lines(page)) {
      inBlock ^= line.startsWith("```");
      text.append(inBlock ? "" : line.replaceAll("`[^`]*`(?!\\])", "")).append('\n');
    }
    return text.toString();
  }

  /** As GitHub names them. */
  private static Set<String> anchors(Path page) {
    Multiset<String> anchors = HashMultiset.create();
    Set<String> all = new HashSet<>();
    boolean inBlock = false;
    for (String line : Pages.lines(page)) {
      inBlock ^= line.startsWith("```");
      Matcher heading = HEADING.matcher(line);
      if (!inBlock && heading.matches()) {
        String anchor =
            heading
                .group(1)
                .replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1")
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
                .replace(' ', '-');
        int before = anchors.count(anchor);
        anchors.add(anchor);
        all.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return all;
  }
}
