<?php

namespace Emulator\Sql;

use Illuminate\Database\Query\Grammars\SQLiteGrammar;

final class QueryGrammar extends SQLiteGrammar
{
    use QuotesNamesLikeMysql;
}
