<?php

namespace Emulator;

/** WHMCS's API commands as localAPI() answers them. */
final class LocalApi
{
    /** command in lower case => the method that plays it */
    const PLAYED_BY = [
        'addclient' => [Api\ClientCommands::class, 'addClient'],
        'getclientsdetails' => [Api\ClientCommands::class, 'getClientsDetails'],
        'updateclient' => [Api\ClientCommands::class, 'updateClient'],
        'getclients' => [Api\ClientCommands::class, 'getClients'],
        'getclientsproducts' => [Api\ServiceCommands::class, 'getClientsProducts'],
        'getclientsaddons' => [Api\ServiceCommands::class, 'getClientsAddons'],
        'updateclientproduct' => [Api\ServiceCommands::class, 'updateClientProduct'],
        'updateclientaddon' => [Api\ServiceCommands::class, 'updateClientAddon'],
        'upgradeproduct' => [Api\ServiceCommands::class, 'upgradeProduct'],
        'addcancelrequest' => [Api\ServiceCommands::class, 'addCancelRequest'],
        'getproducts' => [Api\ServiceCommands::class, 'getProducts'],
        'addorder' => [Api\OrderCommands::class, 'addOrder'],
        'acceptorder' => [Api\OrderCommands::class, 'acceptOrder'],
        'cancelorder' => [Api\OrderCommands::class, 'cancelOrder'],
        'getorders' => [Api\OrderCommands::class, 'getOrders'],
        'addinvoicepayment' => [Api\OrderCommands::class, 'addInvoicePayment'],
        'getinvoice' => [Api\OrderCommands::class, 'getInvoice'],
        'modulecreate' => [Api\ModuleCommands::class, 'create'],
        'modulesuspend' => [Api\ModuleCommands::class, 'suspend'],
        'moduleunsuspend' => [Api\ModuleCommands::class, 'unsuspend'],
        'moduleterminate' => [Api\ModuleCommands::class, 'terminate'],
        'modulechangepackage' => [Api\ModuleCommands::class, 'changePackage'],
        'modulechangepw' => [Api\ModuleCommands::class, 'changePassword'],
        'modulecustom' => [Api\ModuleCommands::class, 'custom'],
        'getmodulequeue' => [Api\ModuleCommands::class, 'getModuleQueue'],
        'sendemail' => [Api\MessageCommands::class, 'sendEmail'],
        'sendadminemail' => [Api\MessageCommands::class, 'sendAdminEmail'],
        'getemailtemplates' => [Api\MessageCommands::class, 'getEmailTemplates'],
        'openticket' => [Api\MessageCommands::class, 'openTicket'],
        'getsupportdepartments' => [Api\MessageCommands::class, 'getSupportDepartments'],
        'addticketreply' => [Api\MessageCommands::class, 'addTicketReply'],
        'createinvoice' => [Api\BillingCommands::class, 'createInvoice'],
        'updateinvoice' => [Api\BillingCommands::class, 'updateInvoice'],
        'getinvoices' => [Api\BillingCommands::class, 'getInvoices'],
        'addcredit' => [Api\BillingCommands::class, 'addCredit'],
        'addtransaction' => [Api\BillingCommands::class, 'addTransaction'],
        'getpaymentmethods' => [Api\BillingCommands::class, 'getPaymentMethods'],
        'getcontacts' => [Api\ClientCommands::class, 'getContacts'],
        'getusers' => [Api\ClientCommands::class, 'getUsers'],
        'createssotoken' => [Api\ClientCommands::class, 'createSsoToken'],
        'setconfigurationvalue' => [Api\SystemCommands::class, 'setConfigurationValue'],
        'getadmindetails' => [Api\SystemCommands::class, 'getAdminDetails'],
        'getactivitylog' => [Api\SystemCommands::class, 'getActivityLog'],
        'getservers' => [Api\SystemCommands::class, 'getServers'],
        'encryptpassword' => [Api\SystemCommands::class, 'encryptPassword'],
        'decryptpassword' => [Api\SystemCommands::class, 'decryptPassword'],
        'logactivity' => [Api\SystemCommands::class, 'logActivity'],
        'getconfigurationvalue' => [Api\SystemCommands::class, 'getConfigurationValue'],
        'getcurrencies' => [Api\SystemCommands::class, 'getCurrencies'],
        'whmcsdetails' => [Api\SystemCommands::class, 'whmcsDetails'],
    ];

    public static function call(string $command, array $values): array
    {
        $method = self::PLAYED_BY[strtolower($command)] ?? null;
        if ($method === null) {
            Missing::report(Missing::API_COMMAND, $command);
            return ['result' => 'error', 'message' => 'Command Not Found'];
        }
        try {
            return ['result' => 'success'] + call_user_func($method, $values);
        } catch (UsageError $error) {
            return ['result' => 'error', 'message' => $error->getMessage()];
        }
    }

    public static function callByCommand(array $arguments): array
    {
        return self::call(Arguments::text($arguments, 'command'), (array) ($arguments['values'] ?? []));
    }

    /** Numbers as strings, as WHMCS's API gives a row's columns. */
    public static function strings(array $row): array
    {
        return array_map(static function ($value) {
            return is_int($value) || is_float($value) ? (string) $value : $value;
        }, $row);
    }

    /** Base64 of a PHP-serialised array, as WHMCS's API takes customfields and configoptions. */
    public static function unpack($packed): array
    {
        if (is_array($packed)) {
            return $packed;
        }
        $values = @unserialize((string) base64_decode((string) $packed), ['allowed_classes' => false]);

        return is_array($values) ? $values : [];
    }
}
