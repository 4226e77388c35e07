<?php

/** WHMCS's own addresses by name, as templates ask for them; here each is index.php with the name. */

function routePath($name, ...$parts)
{
    $path = rtrim((string) parse_url(App::getSystemURL(), PHP_URL_PATH), '/');

    return "$path/index.php?rp=/" . implode('/', array_merge([(string) $name], array_map('strval', $parts)));
}

function fqdnRoutePath($name, ...$parts)
{
    return rtrim(App::getSystemURL(), '/') . '/index.php?rp=/' . implode('/', array_merge([(string) $name], array_map('strval', $parts)));
}
