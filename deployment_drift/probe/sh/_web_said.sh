# What nginx and Apache are configured to do, asked once: the application's folders follow from it.

nginx_said=$(nginx_configuration 2>/dev/null) || nginx_said=
apache_said=$(apache_configuration 2>/dev/null) || apache_said=
