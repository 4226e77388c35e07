<?php

namespace Emulator\Sql;

/** The tables of schema.sql with WHMCS's column types, where the file, which SQLite reads, has TEXT, INTEGER and DECIMAL. */
final class MariaDbSchema
{
    const SERVICE_STATUS = "ENUM('Pending','Active','Suspended','Terminated','Cancelled','Fraud','Completed')";

    /** Columns whose type their name and default do not tell. */
    const TYPES = [
        'tblhosting.domainstatus' => self::SERVICE_STATUS,
        'tblhostingaddons.status' => self::SERVICE_STATUS,
        'tblclients.status' => "ENUM('Active','Inactive','Closed')",
        'tblhostingaddons.prorate_date' => 'DATE',
        'tblinvoices.date' => 'DATE', 'tblinvoices.duedate' => 'DATE', 'tblinvoiceitems.duedate' => 'DATE',
        'tblupgrades.date' => 'DATE', 'tbltodolist.date' => 'DATE', 'tbldomains.expirydate' => 'DATE',
        'tblcancelrequests.date' => 'DATETIME', 'tblorders.date' => 'DATETIME', 'tblaccounts.date' => 'DATETIME',
        'tblmodulelog.date' => 'DATETIME', 'tblactivitylog.date' => 'DATETIME', 'tblemails.date' => 'DATETIME',
        'tbltickets.date' => 'DATETIME', 'tbltickets.lastreply' => 'DATETIME', 'emulator_clock.now' => 'DATETIME',
        'tblclients.lastlogin' => 'DATETIME', 'tblclients.pwresetexpiry' => 'DATETIME', 'tblmodulequeue.last_attempt' => 'DATETIME',
        'tblusers.last_login' => 'DATETIME', 'tblusers_clients.last_login' => 'DATETIME', 'tblusers.email_verified_at' => 'DATETIME',
        'tblusers.reset_token_expiry' => 'DATETIME', 'tblusers.email_verification_token_expiry' => 'DATETIME',
        'tblconfiguration.setting' => 'VARCHAR(191)',
        'tblcurrencies.rate' => 'DECIMAL(10,5)', 'tblaccounts.rate' => 'DECIMAL(10,5)',
        'tblmodulelog.request' => 'MEDIUMTEXT', 'tblmodulelog.response' => 'MEDIUMTEXT', 'tblmodulelog.arrdata' => 'MEDIUMTEXT',
        'tblemails.message' => 'MEDIUMTEXT', 'tblemailtemplates.message' => 'MEDIUMTEXT',
    ];

    public static function of(string $schema): string
    {
        $schema = preg_replace('/^\s*--.*$/m', '', $schema);
        $schema = preg_replace('/"(\w+)"/', '`$1`', $schema);

        return preg_replace_callback('/CREATE TABLE (\w+) \((.*?)\);/s', static function (array $match): string {
            $columns = array_map(static function (string $column) use ($match): string {
                return self::column($match[1], trim($column));
            }, explode(',', $match[2]));

            return "CREATE TABLE {$match[1]} (" . implode(', ', $columns) . ') DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;';
        }, $schema);
    }

    private static function column(string $table, string $column): string
    {
        if (!preg_match('/^(`?(\w+)`?)\s+(TEXT|INTEGER|DECIMAL)\b(.*)$/s', $column, $match)) {
            return $column;
        }
        [, $quoted, $name, $type, $rest] = $match;
        if (strpos($rest, 'AUTOINCREMENT') !== false) {
            return "`$name` INT(10) NOT NULL AUTO_INCREMENT PRIMARY KEY";
        }

        return "`$name` " . (self::TYPES["$table.$name"] ?? self::type($name, $type, $rest)) . $rest;
    }

    private static function type(string $name, string $type, string $rest): string
    {
        if ($type === 'INTEGER') {
            return 'INT(10)';
        }
        if ($type === 'DECIMAL') {
            return 'DECIMAL(16,2)';
        }
        if (in_array($name, ['created_at', 'updated_at'], true)) {
            return 'TIMESTAMP NULL';
        }
        if (preg_match("/DEFAULT '0000-00-00( 00:00:00)?'/", $rest, $match)) {
            return isset($match[1]) ? 'DATETIME' : 'DATE';
        }

        return 'TEXT';
    }
}
