<?php

namespace WHMCS\Module\Server\__NAME__;

/** Something that staff should read: what happened and what to do next, in one line. */
final class GatewayError extends \RuntimeException
{
}
