/** AdamW's settings, groups of parameters by name, and the settings of one optimizer step. */
@NullMarked
package io.github.tralign.optimizer;

import org.jspecify.annotations.NullMarked;
