<?php

namespace Emulator\Sql;

use Illuminate\Database\Schema\Grammars\SQLiteGrammar;

final class SchemaGrammar extends SQLiteGrammar
{
    use QuotesNamesLikeMysql;
}
