package io.github.tralign.djl.distributed;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a failure of NCCL means. */
final class NcclFailure {

  private static final Pattern SAME_GPU = Pattern.compile("Duplicate GPU detected : (rank \\d+)");
  private static final Pattern DETAIL = Pattern.compile("Last error:\\s*(\\S.*)");

  private NcclFailure() {}

  static boolean isTimeout(String message) {
    return message.contains("before timing out") || message.contains("timed out in blocking wait");
  }

  static boolean isLoss(String message) {
    return message.contains("ncclRemoteError");
  }

  /** The reason, in a line. */
  static String text(String message) {
    if (message.contains("no GPUs found")) {
      return "NCCL finds no GPU; './tralign doctor --device cuda' says why, see docs/gpu.md";
    }
    Matcher same = SAME_GPU.matcher(message);
    if (same.find()) {
      return same.group(1)
          + " has the same GPU as another rank; give each its own, by CUDA_VISIBLE_DEVICES or"
          + " --device cuda:N";
    }
    Matcher detail = DETAIL.matcher(message);
    return detail.find()
        ? "NCCL: " + detail.group(1).strip()
        : message.lines().findFirst().orElse("NCCL has failed");
  }
}
