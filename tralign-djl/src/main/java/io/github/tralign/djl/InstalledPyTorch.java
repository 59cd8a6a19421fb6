package io.github.tralign.djl;

import static java.util.Objects.requireNonNull;

import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.kernel.TorchChoice;
import io.github.tralign.djl.kernel.TorchFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A PyTorch that pip or conda has installed, to be loaded in place of the one on the class path:
 * most of all one for CUDA.
 *
 * <pre>{@code
 * InstalledPyTorch.in(Path.of("/home/me/venv")).use(); // before the first model is loaded
 * }</pre>
 *
 * <p>The system property {@code tralign.pytorch} with the folder does the same. For the devices
 * {@code cuda} and {@code cuda:N} neither is needed: without a PyTorch for CUDA on the class path,
 * the first of {@link #all} that fits and was built for CUDA is taken.
 *
 * <p>What fits is decided from the files, before anything is loaded. Immutable.
 */
public final class InstalledPyTorch {

  private final TorchFolder torch;

  private InstalledPyTorch(TorchFolder torch) {
    this.torch = torch;
  }

  /**
   * Those on this machine in the order in which they are considered: of the active virtual or conda
   * environment, of the {@code python3} on the PATH, of this user, of the system.
   */
  public static List<InstalledPyTorch> all() {
    return TorchChoice.installed().stream().map(InstalledPyTorch::new).toList();
  }

  /**
   * The PyTorch in a folder.
   *
   * @param folder of its libraries, {@code torch}, {@code site-packages} or a Python environment
   * @throws InvalidInputException if there is none
   */
  public static InstalledPyTorch in(Path folder) {
    return new InstalledPyTorch(TorchChoice.in(requireNonNull(folder, "folder")));
  }

  /** The folder of its libraries. */
  public Path folder() {
    return torch.libraries();
  }

  /** Its version, such as {@code 2.7.1+cu126}; empty if nothing tells it. */
  public String version() {
    return torch.version();
  }

  /** The version of CUDA that it was built for. */
  public Optional<String> cuda() {
    return torch.cuda();
  }

  /** Why it cannot be used here; empty if it can. */
  public Optional<String> problem() {
    return torch.problem();
  }

  /**
   * Has this process load it.
   *
   * @throws InvalidInputException if there is a {@link #problem}
   * @throws IllegalStateException if another one has been loaded or chosen
   */
  public void use() {
    TorchChoice.use(torch);
  }

  /** Version and folder, and the problem if there is one. */
  @Override
  public String toString() {
    return torch.toString();
  }
}
