set -eu
printf '[mysqld]\ncharacter_set_server=latin1\nlower_case_table_names=1\n' > /etc/mysql/mariadb.conf.d/99-shop.cnf
