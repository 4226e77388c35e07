<?php

use Emulator\Catalogue;
use Emulator\CustomFields;
use Emulator\Database;
use Emulator\Emails;
use Emulator\ModuleCall;
use Emulator\Money;
use Emulator\Secrets;
use Emulator\Subject;

/** Functions of WHMCS's includes/ that modules call though no documentation promises them. */

function getAdminName($adminId = 0)
{
    $admin = Database::table('tbladmins')->where('id', $adminId ?: ($_SESSION['adminid'] ?? 0))->first();

    return $admin === null ? '' : trim("{$admin->firstname} {$admin->lastname}");
}

function checkPermission($permission, $noRedirect = false)
{
    return defined('ADMINAREA');
}

function infoBox($title, $message, $status = 'info')
{
    global $infobox;
    $infobox = "<div class=\"{$status}box\"><strong><span class=\"title\">$title</span></strong><br />$message</div>";

    return $infobox;
}

function genRandomVal($length = 12)
{
    return substr(bin2hex(random_bytes((int) $length)), 0, (int) $length);
}

function createServerUsername($domain)
{
    return ModuleCall::usernameFor((string) $domain);
}

function createServerPassword($length = 14, $seeds = '')
{
    return Secrets::password();
}

function getServerID($serverType, $serverGroup)
{
    return Catalogue::serverOfGroup((int) $serverGroup);
}

function convertCurrency($amount, $from, $to, $base = '')
{
    $rate = static function ($id): float {
        return (float) Database::table('tblcurrencies')->where('id', (int) $id)->value('rate');
    };

    return Money::of($base === '' ? $amount / ($rate($from) ?: 1) * $rate($to) : $amount / (float) $base * $rate($to));
}

/** @return array[] the fields of a type with the values of one of its owners */
function getCustomFields($type, $relId, $relId2, $admin = '', $order = '', $orderValues = '', $hidePassword = '')
{
    $shown = [];
    foreach (CustomFields::of((string) $type, (int) $relId) as $field) {
        if (($admin === '' && $field->adminonly === 'on') || ($order !== '' && $field->showorder !== 'on')) {
            continue;
        }
        $label = CustomFields::label($field->fieldname);
        $value = CustomFields::value((int) $field->id, (int) $relId2);
        $shown[] = [
            'id' => (int) $field->id, 'textid' => strtolower(preg_replace('/[^A-Za-z0-9]/', '', $label)), 'name' => $label, 'description' => $field->description, 'type' => $field->fieldtype,
            'input' => '<input type="text" name="customfield[' . $field->id . ']" value="' . htmlspecialchars($value) . '">', 'value' => $value, 'rawvalue' => $value,
            'required' => $field->required === 'on' ? '*' : '', 'adminonly' => $field->adminonly,
        ];
    }

    return $shown;
}

/** @param array $customFields field id => value */
function saveCustomFields($relId, $customFields, $type = '', $isAdmin = false)
{
    foreach ((array) $customFields as $fieldId => $value) {
        CustomFields::save((int) $fieldId, (int) $relId, CustomFields::afterHooks((int) $fieldId, (int) $relId, (string) $value));
    }
}

function sendAdminNotification($to, $subject, $message, $departmentId = 0)
{
    Emails::store(0, (string) Database::table('tbladmins')->value('email'), (string) $subject, (string) $message);
}

function sendAdminMessage($template, $fields = [], $to = 'system', $departmentId = '', $adminId = '')
{
    return localAPI('SendAdminEmail', ['messagename' => $template, 'mergefields' => (array) $fields])['result'] === 'success';
}

/** @return string what came, or "CURL Error: …" */
function curlCall($url, $postFields, $options = [], $returnUnexecutedHandle = false, $throwOnCurlError = false)
{
    $handle = curl_init((string) $url);
    curl_setopt_array($handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 100]);
    if ($postFields) {
        curl_setopt_array($handle, [CURLOPT_POST => true, CURLOPT_POSTFIELDS => is_array($postFields) ? http_build_query($postFields) : $postFields]);
    }
    foreach ($options as $name => $value) {
        curl_setopt($handle, is_string($name) ? constant($name) : $name, $value);
    }
    if ($returnUnexecutedHandle) {
        return $handle;
    }
    $answer = curl_exec($handle);
    $error = curl_errno($handle) . ' - ' . curl_error($handle);
    if ($answer === false && $throwOnCurlError) {
        throw new RuntimeException($error);
    }

    return $answer === false ? "CURL Error: $error" : $answer;
}

/** WHMCS's module calls as hooks and crons make them: "success", or the error. */
foreach (['CreateAccount', 'SuspendAccount', 'UnsuspendAccount', 'TerminateAccount', 'ChangePackage', 'Renew'] as $emulatorFunction) {
    // One name after the other, and all do the same.
    eval("function Server$emulatorFunction(\$serviceId, \$addonId = 0) { return emulator_module_call('$emulatorFunction', \$serviceId, \$addonId); }");
}
unset($emulatorFunction);

/** @internal */
function emulator_module_call($function, $serviceId, $addonId)
{
    $subject = $addonId ? Subject::ofAddon((int) $addonId) : Subject::find((int) $serviceId);

    return ModuleCall::play($subject, $function, 'called by a function of WHMCS\'s')['message'];
}
