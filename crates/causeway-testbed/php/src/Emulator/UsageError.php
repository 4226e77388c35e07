<?php

namespace Emulator;

use RuntimeException;

/** The test asked for something impossible: an unknown command, a row that does not exist. */
final class UsageError extends RuntimeException
{
}
