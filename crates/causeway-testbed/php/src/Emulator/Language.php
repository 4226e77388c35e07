<?php

namespace Emulator;

/** WHMCS's language lines, as far as the product page shows them; lang/overrides are honoured. */
final class Language
{
    const LINES = [
        'clientareaproductdetails' => 'Product Details', 'clientareastatus' => 'Status', 'clientareahostingregdate' => 'Registration Date',
        'clientareahostingnextduedate' => 'Next Due Date', 'clientareaactive' => 'Active', 'clientareapending' => 'Pending', 'clientareasuspended' => 'Suspended',
        'clientareaterminated' => 'Terminated', 'clientareacancelled' => 'Cancelled', 'orderdomain' => 'Domain', 'orderbillingcycle' => 'Billing Cycle',
        'orderpaymentmethod' => 'Payment Method', 'recurringamount' => 'Recurring Amount', 'firstpaymentamount' => 'First Payment Amount', 'submit' => 'Submit',
        'cancel' => 'Cancel', 'username' => 'Username', 'password' => 'Password', 'serverusername' => 'Username', 'serverpassword' => 'Password', 'suspendreason' => 'Suspension Reason',
        'manage' => 'Manage', 'upgrade' => 'Upgrade', 'yes' => 'Yes', 'no' => 'No', 'none' => 'None', 'moduleactionfailed' => 'Action Failed', 'moduleactionsuccess' => 'Action Completed Successfully!',
        'clientareanavhome' => 'Portal Home', 'orderproduct' => 'Product/Service', 'visitwebsite' => 'Visit Website', 'servername' => 'Server Name', 'domainregisternsip' => 'IP Address', 'domainnameservers' => 'Nameservers',
        'clientareacancelrequestbutton' => 'Request Cancellation', 'upgradedowngradepackage' => 'Upgrade/Downgrade', 'cancellationrequested' => 'Cancellation Requested', 'notavailable' => 'Not Available', 'error' => 'Error', 'success' => 'Success',
    ];

    public static function load(string $language): void
    {
        global $CONFIG, $_LANG;
        $_LANG = self::LINES;
        $_LANG['locale'] = 'en_GB';
        $language = $language === '' ? (string) $CONFIG['Language'] : $language;
        $overrides = ROOTDIR . '/lang/overrides/' . basename($language) . '.php';
        if (is_file($overrides)) {
            include $overrides;
        }
        $_SESSION['Language'] = $language;
    }

    public static function current(): string
    {
        return (string) ($_SESSION['Language'] ?? 'english');
    }
}
