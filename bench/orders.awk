# N orders as CSV for `wismo import`, each with a line and a parcel on its way: awk -v n=1000000 -v day=2026-11-22 -f orders.awk
BEGIN {
    print "number,placed_at,state,promised_to,email,postcode,country,locale,first_name,line_sku,line_title,quantity,carrier,tracking_number,parcel_status,estimated_to"
    for (i = 0; i < n; i++)
        printf "B%07d,%s,shipped,%s,c%d@mail.example,%05d,FR,fr,Camille,SKU%d,Lampe,1,Colissimo,6A%011d,in_transit,%s\n", i, placed, due, i, 1000 + i % 94000, i % 5000, i, due
}
