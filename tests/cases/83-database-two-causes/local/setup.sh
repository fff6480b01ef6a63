set -eu
printf '[mysqld]\nmax_allowed_packet=64M\ncharacter_set_server=utf8mb4\nlower_case_table_names=1\n' > /etc/mysql/mariadb.conf.d/99-shop.cnf
