<?php

// Renders a module's product page with a real Smarty: page.php <smarty 3 or 4> <module folder>, variables as JSON on stdin.
$class = '/usr/share/php/smarty' . $argv[1] . '/Smarty.class.php';
if (!is_file($class)) {
    fwrite(STDERR, "this test needs Smarty $argv[1] in $class (Debian: apt install smarty$argv[1])\n");
    exit(1);
}
require $class;
$smarty = new Smarty();
$smarty->setCompileDir(sys_get_temp_dir() . '/causeway-page-' . getmypid());
$smarty->assign(json_decode(stream_get_contents(STDIN), true));
try {
    echo $smarty->fetch($argv[2] . '/templates/clientarea.tpl');
} finally {
    $smarty->clearCompiledTemplate();
    @rmdir($smarty->getCompileDir());
}
