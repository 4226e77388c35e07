<?php

use Emulator\Secrets;

function encrypt($string)
{
    return Secrets::encrypt((string) $string);
}

function decrypt($string)
{
    return Secrets::decrypt((string) $string);
}

function generate_token($type = 'form')
{
    $_SESSION['tkval'] = $_SESSION['tkval'] ?? bin2hex(random_bytes(8));
    $token = sha1('emulator' . $_SESSION['tkval']);
    if ($type === 'plain') {
        return $token;
    }

    return $type === 'link' ? "&token=$token" : '<input type="hidden" name="token" value="' . $token . '" />' . "\n";
}

/** WHMCS ends the page on a wrong token; the emulator's pages carry no forms, so every request is its own. */
function check_token($namespace = 'WHMCS.default', $token = null)
{
    return true;
}
