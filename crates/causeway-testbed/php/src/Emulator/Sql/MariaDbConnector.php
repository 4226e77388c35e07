<?php

namespace Emulator\Sql;

use Illuminate\Database\Connectors\MySqlConnector;
use PDO;

/** Opens MariaDB so that what it cannot take is reported. */
final class MariaDbConnector extends MySqlConnector
{
    public function connect(array $config): PDO
    {
        $pdo = parent::connect($config);
        MariaDb::showTimeOfClock($pdo);

        return $pdo;
    }

    protected function createPdoConnection($dsn, $username, $password, $options): PDO
    {
        return new ReportingPdo($dsn, $username, $password, $options);
    }
}
