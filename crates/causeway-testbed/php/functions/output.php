<?php

use Emulator\Clock;
use Emulator\Money;

function fromMySQLDate($date, $time = false, $client = false)
{
    $moment = new DateTimeImmutable((string) $date);

    return $moment->format($time ? 'd/m/Y H:i' : 'd/m/Y');
}

function toMySQLDate($date)
{
    $parsed = DateTimeImmutable::createFromFormat('d/m/Y', (string) $date);

    return $parsed === false ? '' : $parsed->format('Y-m-d');
}

function getTodaysDate($client = false)
{
    return fromMySQLDate(Clock::today());
}

function formatCurrency($amount, $currencyType = null)
{
    $currency = Emulator\Database::table('tblcurrencies')->where('id', $currencyType ?: 1)->first();

    return new WHMCS\View\Formatter\Price($amount, $currency);
}

function getCurrency($userId = '', $cartCurrency = '')
{
    return (array) ($userId ? Emulator\Clients::currency((int) $userId) : Emulator\Database::row('tblcurrencies', (int) ($cartCurrency ?: 1)));
}

function redir($vars = '', $file = '')
{
    header('Location: ' . ($file ?: 'clientarea.php') . ($vars === '' ? '' : "?$vars"));
    exit;
}

function getClientsDetails($userId = '', $contactId = '')
{
    return Emulator\Clients::details((int) $userId);
}

function sendMessage($templateName, $funcId, $extra = [])
{
    $answer = localAPI('SendEmail', ['messagename' => $templateName, 'id' => $funcId, 'customvars' => (array) $extra]);

    return $answer['result'] === 'success' ? true : $answer['message'];
}

/** Saves the service's product too when $save is set. */
function migrateCustomFieldsBetweenProducts($serviceId, $newProductId, $save = false)
{
    $subject = Emulator\Subject::find((int) $serviceId);
    Emulator\CustomFields::carryOver($subject, (int) $newProductId);
    if ($save) {
        $subject->update(['packageid' => (int) $newProductId]);
    }
}

/** WHMCS loads a file of its own with it; here all that the files hold is there already. */
function gracefulCoreRequiredFileInclude($path)
{
    if (is_file(ROOTDIR . $path)) {
        require_once ROOTDIR . $path;
    }
}
